package invocation

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/result"
	"github.com/presize/presize/scripts/local/bucket"
)

// bucketName is that of the one bucket.
const bucketName = "photos"

// bench is the S3 server, and what is measured with it.
type bench struct {
	Options

	config *preset.Config
	data   string // folder of the objects
	before string // working directory, which the S3 server changes
	server *bucket.Server
	client *s3.Client // goes to the server itself: what it asks is not counted
	door   *door
	serial int // of the last original
}

// openBench starts the server.
func openBench(ctx context.Context, options Options) (_ *bench, err error) {
	b := &bench{Options: options}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.config, err = preset.LoadFile(filepath.Join(options.Function, "presets.yaml")); err != nil {
		return nil, err
	}
	if b.before, err = os.Getwd(); err != nil {
		return nil, err
	}
	if b.data, err = os.MkdirTemp("", "presize-bench-"); err != nil {
		return nil, err
	}
	if b.server, err = bucket.Start(ctx, bucket.Options{Dir: b.data, Name: bucketName}); err != nil {
		return nil, err
	}
	b.client = b.server.Client()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b.door = openDoor(listener, b.server.Address(), bucketName)
	return b, nil
}

// upload stores a file as a new original, and gives its key and the event that S3 would send. Every invocation gets an
// original of its own: the usual upload finds none of its variants there.
func (b *bench) upload(ctx context.Context, file result.File) (key string, payload []byte, err error) {
	body, err := os.Open(file.Path)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = body.Close() }()
	b.serial++
	key = fmt.Sprintf("%s%d/%s", b.config.Originals, b.serial, filepath.Base(file.Path))
	stored, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucketName), Key: &key, Body: body})
	if err != nil {
		return "", nil, fmt.Errorf("uploading %s: %w", file.Name, err)
	}
	info, err := body.Stat()
	if err != nil {
		return "", nil, err
	}
	payload, err = event.S3Notification(event.Change{
		Kind: event.Created, Bucket: bucketName, Key: key, ETag: aws.ToString(stored.ETag), Size: info.Size(), Region: bucket.Region,
	})
	return key, payload, err
}

// remove takes an original away that has been measured: together they would fill the disk.
func (b *bench) remove(ctx context.Context, key string) error {
	_, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucketName), Key: &key})
	return err
}

// close stops the server and removes its objects.
func (b *bench) close() error {
	var all []error
	if b.door != nil {
		all = append(all, b.door.close())
	}
	if b.server != nil {
		all = append(all, b.server.Close(), os.Chdir(b.before))
	}
	return errors.Join(append(all, os.RemoveAll(b.data))...)
}
