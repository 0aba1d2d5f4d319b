package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

// BenchmarkHere renders the default presets of a 6-megapixel photo from a bucket that answers at once, and from one whose
// every answer takes 50 ms. Where waiting is hidden behind rendering, both make as many originals a second.
//
//	go test -run '^$' -bench Here -benchtime 100x ./scripts/backfill/engine
func BenchmarkHere(b *testing.B) {
	root := filepath.Join("..", "..", "..")
	c, err := preset.LoadFile(filepath.Join(root, "presets.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(root, "testdata", "originals", "photos", "dandelion.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	cores := runtime.GOMAXPROCS(0)
	for _, one := range []struct {
		name     string
		latency  time.Duration
		inFlight int
	}{
		{"at once", 0, engine.InFlightPerCore * cores},
		{"50 ms", 50 * time.Millisecond, engine.InFlightPerCore * cores},
		{"50 ms, one in flight per core", 50 * time.Millisecond, cores},
	} {
		b.Run(one.name, func(b *testing.B) {
			bucket := store.NewMemory()
			run := newRun(b, 0, engine.NewHere(c, "photos", bucket, bucket, cores))
			run.Items = fill(b, bucket, b.N, body)
			run.Limit = engine.NewLimit(one.inFlight)
			bucket.Hook(func(ctx context.Context, _ store.Call) error {
				time.Sleep(one.latency)
				return ctx.Err()
			})
			b.ResetTimer()
			if err := run.Do(b.Context()); err != nil {
				b.Fatal(err)
			}
			if now := run.Tally.Now(); now.Done != int64(b.N) {
				b.Fatalf("%+v", now)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "originals/s")
		})
	}
}
