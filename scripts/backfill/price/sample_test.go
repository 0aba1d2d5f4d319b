package price_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/price"
)

// cutting is a bucket that cuts the first bodies of every key in their middle.
type cutting struct {
	*store.Memory

	cuts   map[string]int // that are left, by key
	opened map[string]int
}

func (c *cutting) Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error) {
	c.opened[key]++
	info, body, err := c.Memory.Open(ctx, key)
	if err != nil || c.cuts[key] == 0 {
		return info, body, err
	}
	c.cuts[key]--
	half := io.MultiReader(io.LimitReader(body, info.Size/2), iotest.ErrReader(io.ErrUnexpectedEOF))
	return info, struct {
		io.Reader
		io.Closer
	}{half, body}, nil
}

// TestCutSample holds that a body that is cut is read again, that an original that cannot be read is left out, and that only
// the end of the context and what no retry mends are errors.
func TestCutSample(t *testing.T) {
	data, config := cat(t)
	sample := price.Sample{Size: 3}
	bucket := &cutting{store.NewMemory(), map[string]int{"originals/0": 4, "originals/1": 9}, map[string]int{}}
	for i := range 3 {
		key := fmt.Sprintf("originals/%d", i)
		if _, err := bucket.Put(t.Context(), key, store.Object{Body: data}); err != nil {
			t.Fatal(err)
		}
		sample.Add(store.Info{Key: key, Size: int64(len(data))})
	}
	perByte, read, err := sample.Density(t.Context(), bucket, config)
	if err != nil || read != 2 || perByte == 0 {
		t.Errorf("%v by %d, %v; want 2", perByte, read, err)
	}
	if o := bucket.opened; o["originals/0"] != 5 || o["originals/1"] != 5 || o["originals/2"] != 1 {
		t.Errorf("opened %v times, want 5, 5 and 1", o)
	}

	opens := 0
	bucket.Hook(func(_ context.Context, c store.Call) error {
		if opens++; c.Keys[0] == "originals/2" {
			return errors.New("slow down")
		}
		return store.ErrNotFound
	})
	if perByte, read, err := sample.Density(t.Context(), bucket, config); perByte != 0 || read != 0 || err != nil || opens != 7 {
		t.Errorf("%v by %d of none that can be read, %v, after %d tries", perByte, read, err, opens)
	}

	ctx, cancel := context.WithCancel(t.Context())
	opens = 0
	bucket.Hook(func(context.Context, store.Call) error {
		opens++
		cancel()
		return errors.New("slow down")
	})
	if _, _, err := sample.Density(ctx, bucket, config); !errors.Is(err, context.Canceled) || opens != 1 {
		t.Errorf("cancelled: %v after %d tries", err, opens)
	}
}
