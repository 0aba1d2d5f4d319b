package survey_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

// generated is a bucket that holds nothing: it makes up its listing as it goes, a hundred originals in each folder and the
// variants of every one.
type generated struct {
	store.Objects // nil: only List is there

	originals  int
	breakEvery int // objects after which a listing breaks off; 0: never
}

var errCut = errors.New("the connection was cut")

func (g *generated) List(ctx context.Context, prefix, after string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		seen := 0
		for _, root := range []string{"originals/", "resized/small/", "resized/thumb/"} {
			if !strings.HasPrefix(root, prefix) && !strings.HasPrefix(prefix, root) {
				continue
			}
			extension := ".jpg"
			if root == "resized/thumb/" {
				extension = ".webp"
			}
			key := func(i int) string { return fmt.Sprintf("%susers/%06d/photo-%02d%s", root, i/100, i%100, extension) }
			first := sort.Search(g.originals, func(i int) bool { return key(i) > after && key(i) >= prefix })
			for i := first; i < g.originals; i++ {
				k := key(i)
				if !strings.HasPrefix(k, prefix) {
					return
				}
				if ctx.Err() != nil || g.breakEvery > 0 && seen == g.breakEvery {
					yield(store.Info{}, errors.Join(ctx.Err(), errCut))
					return
				}
				seen++
				if !yield(store.Info{Key: k, Size: 1000, ETag: strconv.Itoa(i), LastModified: time.Unix(1, 0)}, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkWalk shows that memory does not grow with the bucket: ten times the originals, the same peak.
func BenchmarkWalk(b *testing.B) {
	for _, originals := range []int{20_000, 200_000, 2_000_000} {
		for _, ordered := range []bool{false, true} {
			b.Run(fmt.Sprintf("originals=%d/ordered=%v", originals, ordered), func(b *testing.B) {
				made := &generated{originals: originals}
				var peak float64
				count := 0
				for b.Loop() {
					stop := watchHeap(&peak)
					s := &survey.Survey{Config: config(b, presets), Originals: made, Variants: made, TrustListing: true, Ordered: ordered}
					_, err := s.Walk(context.Background(), func(f survey.Finding) error {
						count += len(f.Originals)
						return nil
					})
					stop()
					if err != nil {
						b.Fatal(err)
					}
				}
				if count != b.N*originals {
					b.Fatalf("%d originals", count)
				}
				b.ReportMetric(peak/1e6, "peak-MB")
				b.ReportMetric(3*float64(count)/b.Elapsed().Seconds(), "objects/s")
			})
		}
	}
}

// watchHeap keeps the most that the heap held, garbage included, until it is stopped.
func watchHeap(peak *float64) (stop func()) {
	runtime.GC()
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			*peak = max(*peak, float64(m.HeapAlloc))
			select {
			case <-quit:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return func() { close(quit); <-ended }
}
