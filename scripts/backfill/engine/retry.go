package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Retry is how often an original is tried again. Its zero value is right for S3.
type Retry struct {
	Most    int                    // retries of what fails by anything but throttling; 0: 5
	Backoff func() backoff.BackOff // the waits of one original; nil: 0.5 s, doubled up to 30 s, each half as long or half as long again
	Within  time.Duration          // no retry begins later; 0: 15 minutes. Only throttling comes near to it
}

// The defaults of Retry. While S3 makes room for a prefix that has become busy, it may throttle for many minutes.
const (
	retryMost    = 5
	retryFirst   = 500 * time.Millisecond
	retryFactor  = 2
	retryLongest = 30 * time.Second
	retryWithin  = 15 * time.Minute
)

func (r Retry) withDefaults() Retry {
	if r.Most == 0 {
		r.Most = retryMost
	}
	if r.Within == 0 {
		r.Within = retryWithin
	}
	if r.Backoff == nil {
		r.Backoff = func() backoff.BackOff {
			waits := backoff.NewExponentialBackOff()
			waits.InitialInterval, waits.Multiplier, waits.MaxInterval = retryFirst, retryFactor, retryLongest
			return waits
		}
	}
	return r
}

// errAgain asks for another try.
var errAgain = errors.New("again")

// try has an original rendered, more than once if need be. Outcome Retry means that the run was stopped before it could be
// tried again. An error ends the run.
func (s *state) try(ctx context.Context, item Item) (Result, error) {
	retry := s.Retry.withDefaults()
	tries := 0
	var result Result
	//nolint:contextcheck // waiting ends before the work does
	_, err := backoff.Retry(s.feeding, func() (struct{}, error) {
		var err error
		if result, err = s.Way.Do(ctx, item); err != nil {
			return struct{}{}, backoff.Permanent(err)
		}
		if ctx.Err() != nil {
			// Whatever was reported may be of the context's making.
			if result.Outcome != report.Done {
				result.Outcome = report.Retry
			}
			return struct{}{}, nil
		}
		if result.Outcome != report.Retry {
			return struct{}{}, nil
		}
		throttled := store.Throttled(result.Err)
		if throttled {
			s.Limit.Throttled()
		} else {
			tries++
		}
		if tries > retry.Most || !mendable(result) {
			result.Outcome = report.Failed
			return struct{}{}, nil
		}
		return struct{}{}, errAgain
	}, backoff.WithBackOff(retry.Backoff()), backoff.WithMaxElapsedTime(retry.Within),
		backoff.WithNotify(func(error, time.Duration) { s.Tally.Retried(store.Throttled(result.Err)) }))
	switch {
	case err == nil || s.feeding.Err() != nil && result.Outcome == report.Retry:
		return result, nil
	case errors.Is(err, errAgain):
		result.Outcome = report.Failed
		return result, nil
	}
	return result, err
}

// mendable says whether the next try could fare better than this one. The pipeline gives back an event that was denied,
// so that it outlives the mending of permissions; a run's failures file does that.
func mendable(result Result) bool {
	return !errors.Is(result.Err, store.ErrDenied) && !errors.Is(result.Err, store.ErrNoBucket)
}
