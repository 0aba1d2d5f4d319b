package imaging_test

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// collections is how often Go's garbage collector has run.
func collections() uint64 {
	sample := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// TestTurns: no more go side by side than there are processors, nothing is collected while any does, what they leave is
// collected afterwards, and the collector is as it was.
func TestTurns(t *testing.T) {
	const processors, goroutines = 3, 40
	defer debug.SetGCPercent(debug.SetGCPercent(70))
	onProcessors(processors, func() {
		turns := imaging.NewTurns()
		var running, most atomic.Int64
		var all sync.WaitGroup
		before := collections()
		for range goroutines {
			all.Go(func() {
				turns.Enter()
				defer turns.Leave()
				now := running.Add(1)
				for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
				}
				begun := collections()
				for range 30 {
					runtime.KeepAlive(make([]byte, 1<<20))
				}
				if collected := collections() - begun; collected != 0 {
					t.Errorf("%d collections during a turn", collected)
				}
				running.Add(-1)
			})
		}
		all.Wait()
		if most.Load() > processors || most.Load() == 0 {
			t.Errorf("%d side by side on %d processors", most.Load(), processors)
		}
		if got := collections() - before; got < goroutines/processors {
			t.Errorf("%d collections between at least %d turns", got, goroutines/processors)
		}
	})
	if percent := debug.SetGCPercent(70); percent != 70 {
		t.Errorf("the collector is left at %d %%", percent)
	}
}
