package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

// putAfter is how often a journal in a bucket is written: each time it is the whole of it, for $0.000005.
const putAfter = 5 * time.Second

// ObjectJournal is a journal in a bucket. A process that is killed loses the last few seconds of it; what had ended in
// them is found to be up to date, unless everything is rendered whatever stands there. Nothing locks it.
type ObjectJournal struct {
	Bucket store.Objects
	Name   string // "s3://bucket/key"
	Key    string
}

// String is the name.
func (j *ObjectJournal) String() string { return j.Name }

// Load reads the object.
func (j *ObjectJournal) Load(ctx context.Context) ([]byte, error) {
	_, body, err := j.Bucket.Open(ctx, j.Key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	whole, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", j.Name, err)
	}
	return whole, nil
}

// Append leaves the line to the next Replace: S3 has no appending.
func (j *ObjectJournal) Append(context.Context, []byte) error { return nil }

// Replace writes the object.
func (j *ObjectJournal) Replace(ctx context.Context, whole []byte) error {
	_, err := j.Bucket.Put(ctx, j.Key, store.Object{Body: whole, ContentType: "application/jsonl"})
	return err
}

// Due bounds what a kill loses.
func (j *ObjectJournal) Due(_ int, age time.Duration) bool { return age >= putAfter }

// Remove deletes the object.
func (j *ObjectJournal) Remove(ctx context.Context) error { return j.Bucket.Delete(ctx, j.Key) }

// Close does nothing.
func (j *ObjectJournal) Close() error { return nil }
