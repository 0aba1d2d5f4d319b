package engine_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/scripts/backfill/engine"
)

// lives is a run that is killed again and again.
type lives struct {
	t       *rapid.T
	keys    []string // in the order of the walk
	needs   map[string]bool
	journal *journal

	mu       sync.Mutex
	left     int // originals until the kill
	rendered map[string]int
	kill     context.CancelFunc
}

// Do renders, and at last is killed, which may tear the line that is being written.
func (l *lives) Do(_ context.Context, item engine.Item) (engine.Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.journal.mu.Lock()
	defer l.journal.mu.Unlock()
	if l.journal.dead {
		return engine.Result{Outcome: report.Retry}, nil
	}
	if l.journal.kept[item.Key] {
		l.t.Errorf("%q is rendered again although the journal had it", item.Key)
	}
	l.rendered[item.Key]++
	if l.left--; l.left == 0 {
		l.journal.dead = true
		l.kill()
	}
	return engine.Result{Outcome: report.Done}, nil
}

// walk goes on behind the key through which everything has ended, as a survey does.
func (l *lives) walk(c *engine.Checkpoint) engine.Items {
	return func(context.Context) iter.Seq2[engine.Item, error] {
		return func(yield func(engine.Item, error) bool) {
			for _, key := range l.keys[slices.Index(l.keys, c.Through())+1:] {
				if c.Listed(key) {
					continue
				}
				if !l.needs[key] {
					c.Pass(key)
				} else if !yield(engine.Item{Key: key}, nil) {
					return
				}
			}
		}
	}
}

// live is one process.
func (l *lives) live(until, limit int) error {
	l.left, l.journal.dead = until, false
	c, err := engine.OpenCheckpoint(context.Background(), l.journal, []engine.Field{{Name: "--bucket", Value: "photos"}}, false)
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	l.kill = kill
	run := engine.Run{
		Items: l.walk(c), Way: l, Limit: engine.NewLimit(limit), Checkpoint: c,
		Failures: &engine.Failures{}, Tally: &engine.Tally{},
	}
	return run.Do(ctx)
}

// However often and wherever a run is killed, its successors do all the rest, and again only what was in flight.
func TestKilledRunsDoEverythingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`originals/[a-c]{0,2}[-./ ]?[a-c0-2"é]{1,3}`)
		l := &lives{
			t: t, keys: rapid.SliceOfNDistinct(key, 1, 60, rapid.ID[string]).Draw(t, "keys"),
			journal: &journal{kept: map[string]bool{}, due: rapid.IntRange(1, 12).Draw(t, "compact after")},
			needs:   map[string]bool{}, rendered: map[string]int{},
		}
		for _, key := range l.keys {
			l.needs[key] = rapid.IntRange(0, 4).Draw(t, "needs") > 0
		}
		limit := rapid.IntRange(1, 5).Draw(t, "limit")
		kills, finished := 0, false
		for ; kills < 8 && !finished; kills++ {
			l.journal.torn = rapid.IntRange(0, 30).Draw(t, "torn after")
			err := l.live(rapid.IntRange(1, 40).Draw(t, "killed after"), limit)
			finished = err == nil && !l.journal.dead
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if !finished {
			if err := l.live(-1, limit); err != nil {
				t.Fatal(err)
			}
		}
		again := 0
		for _, key := range l.keys {
			if n := l.rendered[key]; l.needs[key] != (n > 0) {
				t.Errorf("%q: needs it: %v, rendered %d times", key, l.needs[key], n)
			}
			again += max(0, l.rendered[key]-1)
		}
		if l.journal.data != nil {
			t.Errorf("a finished run left %q", l.journal.data)
		}
		if again > kills*limit {
			t.Errorf("%d rendered again after %d kills with %d in flight", again, kills, limit)
		}
	})
}
