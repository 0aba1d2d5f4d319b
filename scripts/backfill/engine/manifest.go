package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/presize/presize/functions/pipeline/store"
)

// Manifest is the list of the originals that a job of S3 Batch Operations works on: a CSV of bucket and key, the key
// URL-encoded, without a header
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-create-job.html#specify-batchjob-manifest).
type Manifest struct {
	Client    *s3.Client
	Place     Place
	PartBytes int // of a part, where one is not enough; 0: 16 MiB, which 10,000 parts make 156 GiB of
}

const partBytes = 16 << 20

// Written says of a manifest that is in its place what a job needs of it.
type Written struct {
	Place     Place
	ETag      string
	Originals int64
	Inventory bool // S3 Inventory wrote it, in its own format
}

// Write walks the items of bucket and writes them. It holds one part in memory. Without any items it writes nothing.
func (m *Manifest) Write(ctx context.Context, bucket string, items Items) (Written, error) {
	written := Written{Place: m.Place}
	size := m.PartBytes
	if size == 0 {
		size = partBytes
	}
	upload := &upload{client: m.Client, place: m.Place}
	var part bytes.Buffer
	for item, err := range items(ctx) {
		if err != nil {
			return written, errors.Join(err, upload.abort(ctx))
		}
		part.WriteString(manifestRow(bucket, item.Key))
		written.Originals++
		if part.Len() >= size {
			if err := upload.part(ctx, part.Bytes()); err != nil {
				return written, errors.Join(fmt.Errorf("writing %s: %w", m.Place, err), upload.abort(ctx))
			}
			part.Reset()
		}
	}
	if written.Originals == 0 {
		return written, nil
	}
	var err error
	if written.ETag, err = m.finish(ctx, upload, part.Bytes()); err != nil {
		return written, errors.Join(fmt.Errorf("writing %s: %w", m.Place, err), upload.abort(ctx))
	}
	return written, nil
}

func (m *Manifest) finish(ctx context.Context, upload *upload, rest []byte) (etag string, err error) {
	if !upload.begun() {
		return store.NewS3(m.Client, m.Place.Bucket).Put(ctx, m.Place.Key, store.Object{Body: rest, ContentType: "text/csv"})
	}
	if len(rest) > 0 {
		if err := upload.part(ctx, rest); err != nil {
			return "", err
		}
	}
	return upload.complete(ctx)
}

// manifestEscape leaves slashes, as AWS's own examples do, and writes a space so that both ways of decoding read one.
var manifestEscape = strings.NewReplacer("%2F", "/", "+", "%20")

// manifestRow quotes nothing: what CSV would quote is encoded.
func manifestRow(bucket, key string) string {
	return bucket + "," + manifestEscape.Replace(url.QueryEscape(key)) + "\n"
}
