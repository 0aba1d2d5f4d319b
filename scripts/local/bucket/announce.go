package bucket

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/gofiber/fiber/v3"
	"github.com/versity/versitygw/s3event"

	"github.com/presize/presize/functions/pipeline/event"
)

// objects is what the announcer looks up.
type objects interface {
	HeadObject(ctx context.Context, input *s3.HeadObjectInput) (*s3.HeadObjectOutput, error)
}

// announcer turns what the server says of a request into one change for each object, as the notifications of S3 have
// them: the server says neither the size of a copy or of a multipart upload, nor which keys a batch removed.
type announcer struct {
	objects  objects
	changed  func(event.Change)
	sequence atomic.Uint64
}

var _ s3event.S3EventSender = (*announcer)(nil)

// Close does nothing: an announcement is over when SendEvent returns.
func (a *announcer) Close() error { return nil }

// SendEvent is called by the server after each successful request.
func (a *announcer) SendEvent(request fiber.Ctx, said s3event.EventMeta) {
	if a.changed == nil {
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(strings.Clone(request.Path()), "/"), "/")
	ctx := request.RequestCtx()
	switch said.EventName {
	case s3event.EventObjectCreatedPut, s3event.EventObjectCreatedCopy, s3event.EventCompleteMultipartUpload:
		a.created(ctx, bucket, key, said)
	case s3event.EventObjectCreatedPost:
		a.created(ctx, bucket, postedKey(request, bucket), said)
	case s3event.EventObjectRemovedDelete:
		a.removed(bucket, key)
	case s3event.EventObjectRemovedDeleteObjects:
		for _, key := range batchKeys(request.BodyRaw()) {
			if _, err := a.objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key}); err != nil {
				a.removed(bucket, key)
			}
		}
	default: // tags and access lists are nobody's concern here
	}
}

func (a *announcer) created(ctx context.Context, bucket, key string, said s3event.EventMeta) {
	change := a.change(event.Created, bucket, key)
	change.Name = strings.TrimPrefix(string(said.EventName), "s3:")
	change.ETag = unquoted(said.ObjectETag)
	change.Size = said.ObjectSize
	if said.EventName == s3event.EventObjectCreatedCopy || said.EventName == s3event.EventCompleteMultipartUpload {
		change.Size = a.size(ctx, bucket, key, change.ETag)
	}
	if said.VersionId != nil {
		change.VersionID = strings.Clone(*said.VersionId)
	}
	a.changed(change)
}

func (a *announcer) removed(bucket, key string) {
	change := a.change(event.Removed, bucket, key)
	change.Name = "ObjectRemoved:Delete"
	change.Size = -1
	a.changed(change)
}

func (a *announcer) change(kind event.Kind, bucket, key string) event.Change {
	return event.Change{
		Kind: kind, Bucket: bucket, Key: key, Region: Region, Time: time.Now().UTC(),
		Sequencer: fmt.Sprintf("%018X", a.sequence.Add(1)+firstSequence),
	}
}

// firstSequence makes the sequencers of a restarted server follow those of the one before.
var firstSequence = uint64(time.Now().UnixNano())

// size is in bytes; -1 when the object was replaced or removed meanwhile.
func (a *announcer) size(ctx context.Context, bucket, key, etag string) int64 {
	head, err := a.objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err != nil || head.ContentLength == nil || unquoted(head.ETag) != etag {
		return -1
	}
	return *head.ContentLength
}

func unquoted(etag *string) string {
	if etag == nil {
		return ""
	}
	return strings.Clone(strings.Trim(*etag, `"`))
}

// batchKeys reads the keys of a DeleteObjects request, each once.
func batchKeys(body []byte) []string {
	var batch struct {
		Objects []struct {
			Key string `xml:"Key"`
		} `xml:"Object"`
	}
	if xml.Unmarshal(body, &batch) != nil {
		return nil // the server read the same bytes before it announced them
	}
	keys := make([]string, 0, len(batch.Objects))
	seen := map[string]bool{}
	for _, object := range batch.Objects {
		if !seen[object.Key] {
			seen[object.Key] = true
			keys = append(keys, object.Key)
		}
	}
	return keys
}

// postedKey reads the key of a form's upload from the answer's Location: the form itself is read already.
func postedKey(request fiber.Ctx, bucket string) string {
	location, err := url.Parse(request.GetRespHeader(fiber.HeaderLocation))
	if err != nil {
		return ""
	}
	if key := location.Query().Get("key"); key != "" { // the form named a page to go to
		return key
	}
	return strings.Clone(strings.TrimPrefix(location.Path, "/"+bucket+"/"))
}
