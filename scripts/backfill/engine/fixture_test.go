package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/scripts/backfill/engine"
)

// way is a Way that a test plays, and counts.
type way struct {
	do func(ctx context.Context, item engine.Item, try int) (engine.Result, error)

	mu    sync.Mutex
	tries map[string]int
	now   int
	peak  int
}

func (w *way) Do(ctx context.Context, item engine.Item) (engine.Result, error) {
	w.mu.Lock()
	if w.tries == nil {
		w.tries = map[string]int{}
	}
	w.tries[item.Key]++
	try := w.tries[item.Key]
	w.now++
	w.peak = max(w.peak, w.now)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.now--
		w.mu.Unlock()
	}()
	if w.do == nil {
		return engine.Result{Outcome: report.Done, Variants: 4, Bytes: 100}, nil
	}
	return w.do(ctx, item, try)
}

// newRun is a run over n originals, named "originals/000.jpg" and so on, without waits.
func newRun(t testing.TB, n int, w engine.Way) *engine.Run {
	t.Helper()
	return &engine.Run{
		Items: items(names(n)...), Way: w, Limit: engine.NewLimit(4), Checkpoint: &engine.Checkpoint{},
		Failures: &engine.Failures{Path: filepath.Join(t.TempDir(), "failures.jsonl")},
		Tally:    &engine.Tally{Total: int64(n)},
		Retry:    engine.Retry{Backoff: func() backoff.BackOff { return &backoff.ZeroBackOff{} }},
	}
}

func name(i int) string { return fmt.Sprintf("originals/%03d.jpg", i) }

func names(n int) []string {
	all := make([]string, n)
	for i := range n {
		all[i] = name(i)
	}
	return all
}

func items(keys ...string) engine.Items {
	return func(context.Context) iter.Seq2[engine.Item, error] {
		return func(yield func(engine.Item, error) bool) {
			for _, key := range keys {
				if !yield(engine.Item{Key: key, ETag: "e", Size: 10}, nil) {
					return
				}
			}
		}
	}
}

func failed(reason string, err error) (engine.Result, error) {
	return engine.Result{Outcome: report.Failed, Reason: reason, Err: err}, nil
}

func again(err error) (engine.Result, error) {
	return engine.Result{Outcome: report.Retry, Reason: "transient", Err: err}, nil
}

func done() (engine.Result, error) { return engine.Result{Outcome: report.Done, Variants: 4}, nil }

// journal is a Journal in memory, of a process that can be killed.
type journal struct {
	mu    sync.Mutex
	data  []byte
	due   int
	dead  bool
	torn  int // bytes of the first line after its death that still get through
	fails error
	kept  map[string]bool // keys of whole lines; nil: not kept
}

func (j *journal) String() string { return "the journal" }

func (j *journal) Load(context.Context) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.data), nil
}

func (j *journal) Append(_ context.Context, line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fails != nil {
		return j.fails
	}
	if j.dead {
		line = line[:min(len(line)-1, j.torn)]
		j.torn = 0
	} else if j.kept != nil {
		var end struct{ Done string }
		_ = json.Unmarshal(line, &end)
		j.kept[end.Done] = true
	}
	j.data = append(j.data, line...)
	return nil
}

func (j *journal) Replace(_ context.Context, whole []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.dead {
		j.data = bytes.Clone(whole)
	}
	return nil
}

func (j *journal) Due(lines int, _ time.Duration) bool { return lines >= j.due }

func (j *journal) Remove(context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.dead {
		j.data = nil
	}
	return nil
}

func (j *journal) Close() error { return nil }
