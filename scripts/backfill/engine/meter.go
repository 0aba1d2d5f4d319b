package engine

import (
	"context"
	"io"
	"iter"
	"sync"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/price"
)

// pageSize is how many keys S3 puts into one answer to ListObjectsV2.
const pageSize = 1000

// Meter counts what is paid for. Retries are not counted: S3 does not charge for its own 5xx answers
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html).
type Meter struct {
	mu    sync.Mutex
	usage price.Usage
}

// Add counts what did not go through Objects.
func (m *Meter) Add(usage price.Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.usage = m.usage.Plus(usage)
}

// Usage is what was counted so far.
func (m *Meter) Usage() price.Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.usage
}

// Objects is a bucket whose calls are counted.
func (m *Meter) Objects(bucket store.Objects) store.Objects { return &metered{bucket, m} }

type metered struct {
	store.Objects

	meter *Meter
}

// Head is counted as a HEAD.
func (b *metered) Head(ctx context.Context, key string) (store.Info, error) {
	b.meter.Add(price.Usage{Heads: 1})
	return b.Objects.Head(ctx, key)
}

// Open is counted as a GET, and its bytes.
func (b *metered) Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error) {
	info, body, err := b.Objects.Open(ctx, key)
	b.meter.Add(price.Usage{Gets: 1, BytesOut: info.Size}) // which costs nothing within the region
	return info, body, err
}

// Put is counted as a PUT.
func (b *metered) Put(ctx context.Context, key string, object store.Object) (string, error) {
	b.meter.Add(price.Usage{Puts: 1})
	return b.Objects.Put(ctx, key, object)
}

// PutIfAbsent is counted as a PUT, also when S3 refuses it.
func (b *metered) PutIfAbsent(ctx context.Context, key string, object store.Object) (string, error) {
	b.meter.Add(price.Usage{Puts: 1})
	return b.Objects.PutIfAbsent(ctx, key, object)
}

// Delete is counted, and free.
func (b *metered) Delete(ctx context.Context, keys ...string) error {
	b.meter.Add(price.Usage{Deletes: 1})
	return b.Objects.Delete(ctx, keys...)
}

// List is counted as one LIST for each 1,000 keys.
func (b *metered) List(ctx context.Context, prefix, startAfter string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		seen := 0
		b.meter.Add(price.Usage{Lists: 1})
		for info, err := range b.Objects.List(ctx, prefix, startAfter) {
			if seen++; seen%pageSize == 1 && seen > 1 {
				b.meter.Add(price.Usage{Lists: 1})
			}
			if !yield(info, err) {
				return
			}
		}
	}
}
