package bucket_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/scripts/local/bucket"
)

const name = "photos"

var (
	server  *bucket.Server
	changes = make(chan event.Change, 4096)
	folder  string
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "presize-bucket-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func start() (err error) {
	server, err = bucket.Start(context.Background(), bucket.Options{
		Dir: folder, Name: name, Changed: func(c event.Change) { changes <- c },
	})
	return err
}

// announced returns the changes since it was last called.
func announced() []event.Change {
	var all []event.Change
	for {
		select {
		case c := <-changes:
			all = append(all, c)
		default:
			return all
		}
	}
}

func put(t *testing.T, key string, body []byte) {
	t.Helper()
	_, err := server.Client().PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(name), Key: &key, Body: bytes.NewReader(body),
	})
	if err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
}

func etag(body []byte) string {
	sum := md5.Sum(body)
	return hex.EncodeToString(sum[:])
}

// ignored is what differs from run to run.
var ignored = cmpopts.IgnoreFields(event.Change{}, "Time", "Sequencer")

func created(kind, key string, body []byte) event.Change {
	return event.Change{
		Kind: event.Created, Name: "ObjectCreated:" + kind, Bucket: name, Key: key, ETag: etag(body), Size: int64(len(body)),
		Region: bucket.Region,
	}
}

func removed(key string) event.Change {
	return event.Change{
		Kind: event.Removed, Name: "ObjectRemoved:Delete", Bucket: name, Key: key, Size: -1, Region: bucket.Region,
	}
}

var keys = []string{
	"originals/cat.jpg",
	"originals/with space.jpg",
	"originals/plus+and&amp;.jpg",
	"originals/100%25 sure%2F.jpg",
	"originals/Größe/猫/😀.jpg",
	"originals/\"quoted\" 'twice' <b>.jpg",
	"originals/a=b?c#d;e,f:g@h!i*j(k)~$[l]{m}^n|o`p.jpg",
	"originals/no-extension",
	"originals/.hidden/..twice.jpg",
	"originals/" + strings.Repeat("ü", 127) + "/" + strings.Repeat("x", 250) + "/" + strings.Repeat("y", 250) + "/" + strings.Repeat("z", 200),
}

func TestPutAndDeleteAreAnnounced(t *testing.T) {
	for _, key := range keys {
		t.Run(key, func(t *testing.T) {
			announced()
			put(t, key, []byte(key))
			if diff := cmp.Diff([]event.Change{created("Put", key, []byte(key))}, announced(), ignored); diff != "" {
				t.Errorf("put (-want +got):\n%s", diff)
			}
			if _, err := server.Client().DeleteObject(t.Context(), &s3.DeleteObjectInput{
				Bucket: aws.String(name), Key: &key,
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]event.Change{removed(key)}, announced(), ignored); diff != "" {
				t.Errorf("delete (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNotificationReadsBack sends changes the way they reach the function.
func TestNotificationReadsBack(t *testing.T) {
	for _, key := range keys {
		announced()
		put(t, key, []byte("x"))
		payload, err := event.S3Notification(announced()...)
		if err != nil {
			t.Fatal(err)
		}
		envelope, err := event.Parse(payload)
		if err != nil || len(envelope.Records) != 1 || len(envelope.Records[0].Changes) != 1 {
			t.Fatalf("%q: %+v, %v", key, envelope, err)
		}
		if diff := cmp.Diff(created("Put", key, []byte("x")), envelope.Records[0].Changes[0], ignored); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestCopyIsAnnouncedWithItsSize(t *testing.T) {
	body := []byte(strings.Repeat("copied", 1000))
	put(t, "elsewhere/source 1.jpg", body)
	announced()
	_, err := server.Client().CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String(name), Key: aws.String("originals/copy+1.jpg"), CopySource: aws.String(name + "/elsewhere/source%201.jpg"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]event.Change{created("Copy", "originals/copy+1.jpg", body)}, announced(), ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMultipartUploadIsAnnouncedOnceWithItsSize(t *testing.T) {
	client, ctx := server.Client(), t.Context()
	to, key := aws.String(name), aws.String("originals/large + more.jpg")
	announced()
	upload, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: to, Key: key, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		t.Fatal(err)
	}
	parts := [][]byte{bytes.Repeat([]byte("a"), 5<<20), []byte("the rest")}
	var completed []types.CompletedPart
	for i, part := range parts {
		number := aws.Int32(int32(i + 1))
		out, err := client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: to, Key: key, UploadId: upload.UploadId, PartNumber: number, Body: bytes.NewReader(part),
		})
		if err != nil {
			t.Fatal(err)
		}
		completed = append(completed, types.CompletedPart{PartNumber: number, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32})
	}
	done, err := client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: to, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: completed},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := created("CompleteMultipartUpload", *key, nil)
	want.ETag, want.Size = strings.Trim(*done.ETag, `"`), 5<<20+8
	if diff := cmp.Diff([]event.Change{want}, announced(), ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBatchDeleteIsAnnouncedForEachObject(t *testing.T) {
	var batch []types.ObjectIdentifier
	var want []event.Change
	for _, key := range keys {
		put(t, key, []byte("x"))
		batch = append(batch, types.ObjectIdentifier{Key: aws.String(key)})
		want = append(want, removed(key))
	}
	announced()
	out, err := server.Client().DeleteObjects(t.Context(), &s3.DeleteObjectsInput{
		Bucket: aws.String(name), Delete: &types.Delete{Objects: batch},
	})
	if err != nil || len(out.Errors) > 0 {
		t.Fatal(err, out.Errors)
	}
	if diff := cmp.Diff(want, announced(), ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFormUploadIsAnnounced(t *testing.T) {
	key := "originals/form + 1.jpg"
	signed, err := s3.NewPresignClient(server.Client()).PresignPostObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(name), Key: &key,
	})
	if err != nil {
		t.Fatal(err)
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for field, value := range signed.Values {
		if err := writer.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := writer.CreateFormFile("file", "1.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte("form"))
	_ = writer.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL()+"/"+name, &form)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", writer.FormDataContentType())
	announced()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusNoContent {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("%s: %s", response.Status, body)
	}
	if diff := cmp.Diff([]event.Change{created("Post", key, []byte("form"))}, announced(), ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefusedRequestsAreNotAnnounced(t *testing.T) {
	put(t, "originals/taken.jpg", []byte("first"))
	announced()
	if _, err := server.Client().PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(name), Key: aws.String("originals/taken.jpg"), Body: strings.NewReader("second"), IfNoneMatch: aws.String("*"),
	}); err == nil {
		t.Error("a conditional write replaced an object")
	}
	stranger := server.Client()
	if _, err := stranger.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(name), Key: aws.String("originals/x.jpg"), Body: strings.NewReader("x"),
	}, func(o *s3.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: bucket.AccessKey, SecretAccessKey: "wrong"}, nil
		})
	}); err == nil {
		t.Error("a wrong secret was accepted")
	}
	if got := announced(); len(got) > 0 {
		t.Errorf("announced: %+v", got)
	}
}

func TestConditionalWriteHasOneWinner(t *testing.T) {
	if _, err := server.Client().DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: aws.String(name), Key: aws.String("originals/race.jpg"),
	}); err != nil {
		t.Fatal(err)
	}
	announced()
	var group sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 32 {
		group.Go(func() {
			_, err := server.Client().PutObject(context.Background(), &s3.PutObjectInput{
				Bucket: aws.String(name), Key: aws.String("originals/race.jpg"), Body: strings.NewReader(fmt.Sprint(i)), IfNoneMatch: aws.String("*"),
			})
			if err == nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d won", won)
	}
	if got := announced(); len(got) != 1 {
		t.Errorf("%d were announced", len(got))
	}
}

func TestSequencersAscend(t *testing.T) {
	announced()
	for range 5 {
		put(t, "originals/sequence.jpg", []byte("x"))
	}
	got := announced()
	if len(got) != 5 || !slices.IsSortedFunc(got, func(a, b event.Change) int { return strings.Compare(a.Sequencer, b.Sequencer) }) {
		t.Errorf("%+v", got)
	}
	if age := time.Since(got[0].Time); age < 0 || age > time.Minute {
		t.Errorf("time: %s", got[0].Time)
	}
}

func TestRestartKeepsObjects(t *testing.T) {
	_, err := server.Client().PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(name), Key: aws.String("resized/kept.webp"), Body: strings.NewReader("kept"),
		ContentType: aws.String("image/webp"), CacheControl: aws.String("public, max-age=31536000"),
		Metadata: map[string]string{"preset": "small", "original": strings.Repeat("x", 1500)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	got, err := server.Client().GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(name), Key: aws.String("resized/kept.webp")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil || string(body) != "kept" {
		t.Errorf("body %q, %v", body, err)
	}
	if *got.ContentType != "image/webp" || *got.CacheControl != "public, max-age=31536000" || got.Metadata["preset"] != "small" ||
		strings.Trim(*got.ETag, `"`) != etag([]byte("kept")) {
		t.Errorf("%+v", got)
	}
}

func TestOneServerInAProcess(t *testing.T) {
	if _, err := bucket.Start(t.Context(), bucket.Options{Dir: t.TempDir(), Name: name}); err == nil {
		t.Error("a second server was started")
	}
	if _, err := bucket.Start(t.Context(), bucket.Options{Dir: "relative", Name: name}); err == nil {
		t.Error("a relative folder was accepted")
	}
}
