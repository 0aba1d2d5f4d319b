package command

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/semaphore"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/survey"
)

// reading bounds what is read at a time, by bytes and by number.
type reading struct {
	pipeline *pipeline.Pipeline
	memory   *semaphore.Weighted
	most     int64 // bytes in flight
	least    int64 // that each counts as
	running  sync.WaitGroup
}

func newReading(at *site) *reading {
	cores := int64(runtime.GOMAXPROCS(0))
	most := memoryPerCore * cores
	return &reading{
		pipeline: &pipeline.Pipeline{
			Config:  at.Config,
			Source:  func(string) store.Objects { return at.Originals },
			Target:  func(string) store.Objects { return at.Variants },
			Workers: int(cores),
			Report:  func(context.Context, report.Original) {},
		},
		memory: semaphore.NewWeighted(most), most: most, least: most / (engine.InFlightPerCore * cores),
	}
}

// start runs f, which holds as many bytes, once there is room, and waits for the room alone.
func (r *reading) start(ctx context.Context, bytes int64, f func()) error {
	weight := min(max(bytes, r.least), r.most)
	if r.memory.Acquire(ctx, weight) != nil {
		return context.Cause(ctx)
	}
	r.running.Go(func() {
		defer r.memory.Release(weight)
		f()
	})
	return nil
}

func (r *reading) wait() { r.running.Wait() }

// The waits between the tries of a call whose own retries did not help, or which has none: a body that was cut.
const (
	tries     = 4
	firstWait = 200 * time.Millisecond
)

// patiently tries again what a retry may mend.
func patiently[T any](ctx context.Context, f func() (T, error)) (T, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = firstWait
	var last error
	out, err := backoff.Retry(ctx, func() (T, error) {
		out, err := f()
		last = err
		if err != nil && !store.Retryable(err) {
			return out, backoff.Permanent(err)
		}
		return out, err
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(tries))
	if err != nil && last != nil {
		err = last
	}
	return out, err
}

// examine reads and decodes an original as the pipeline does.
func (c *checkup) examine(ctx context.Context, o survey.Original) report.Original {
	account, err := patiently(ctx, func() (report.Original, error) {
		account := c.reading.pipeline.Examine(ctx, event.Change{
			Kind: event.Created, Bucket: c.at.Bucket, Key: o.Key, ETag: o.ETag, Size: o.Size, Presets: c.Presets,
		})
		if account.Outcome == report.Retry {
			return account, account.Err
		}
		return account, nil
	})
	if err != nil {
		c.missed(err)
		account.Outcome = report.Retry
	}
	return account
}
