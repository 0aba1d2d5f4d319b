package engine

import (
	"maps"
	"sync"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
)

// Tally counts what a run does. It is safe for use by several goroutines.
type Tally struct {
	Total    int64          // originals that the plan expects; 0: nobody knows
	Dollars  func() float64 // what the run has cost so far; nil: nobody knows
	InFlight func() (inFlight, allowed int)

	mu    sync.Mutex
	start time.Time
	now   Counts
}

// Counts are a tally at one moment. Originals that end are done, skipped, gone, removed or failed.
type Counts struct {
	Done      int64 // rendered
	Skipped   int64 // needed nothing after all, or are none of the pipeline's business
	Gone      int64 // deleted meanwhile
	Removed   int64 // deleted, as a dead letter said, and their variants by now too
	Failed    int64
	Reasons   map[string]int64 // of the failed
	Variants  int64            // written
	Bytes     int64            // of the variants written
	Retries   int64            // of single calls and of whole originals
	Throttled int64            // those of Retries that S3 or Lambda asked for
	Took      time.Duration
	Dollars   float64
}

// Ended is how many originals have ended.
func (c Counts) Ended() int64 { return c.Done + c.Skipped + c.Gone + c.Removed + c.Failed }

// PerSecond is how many originals ended in a second.
func (c Counts) PerSecond() float64 {
	if c.Took <= 0 {
		return 0
	}
	return float64(c.Ended()) / c.Took.Seconds()
}

// Start sets the clock.
func (t *Tally) Start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.start = time.Now()
}

// Retried counts a call or an original that is about to be tried again: store.Options.OnRetry.
func (t *Tally) Retried(throttled bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Retries++
	if throttled {
		t.now.Throttled++
	}
}

func (t *Tally) ended(result Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch result.Outcome {
	case report.Done:
		t.now.Done++
	case report.Skipped:
		t.now.Skipped++
	case report.Gone:
		t.now.Gone++
	case report.Removed:
		t.now.Removed++
	default:
		t.now.Failed++
		if t.now.Reasons == nil {
			t.now.Reasons = map[string]int64{}
		}
		t.now.Reasons[result.Reason]++
	}
	t.now.Variants += int64(result.Variants)
	t.now.Bytes += result.Bytes
}

// Now is what was counted so far.
func (t *Tally) Now() Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now
	now.Reasons = maps.Clone(now.Reasons)
	if !t.start.IsZero() {
		now.Took = time.Since(t.start)
	}
	if t.Dollars != nil {
		now.Dollars = t.Dollars()
	}
	return now
}
