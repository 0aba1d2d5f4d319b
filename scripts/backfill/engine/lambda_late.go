package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// late decides about an original whose time is over: it may be gone, or be another one by now.
func (a *awaited) late(ctx context.Context) Result {
	before := a.etag
	if gone, err := a.refresh(ctx); gone || err != nil {
		return a.result
	}
	a.round = pollAll - 1 // every key that a variant may have
	if err := a.look(ctx); err == nil {
		return a.result
	}
	if err := a.failed(ctx); errors.Is(err, errFailed) {
		return a.result
	}
	names := make([]string, len(a.wanted))
	for i, p := range a.wanted {
		names[i] = p.Name
	}
	a.result.Outcome, a.result.Reason = report.Failed, NotSeen
	a.result.Err = fmt.Errorf("%s did not appear within %s; the function's log says why, or it needs longer: --wait", strings.Join(names, ", "), a.Wait)
	if a.etag != before {
		a.result.Err = fmt.Errorf("the original was overwritten meanwhile; %w", a.result.Err)
	}
	return a.result
}

// refresh asks which state of the original its variants have to show.
func (a *awaited) refresh(ctx context.Context) (gone bool, err error) {
	info, err := a.Originals.Head(ctx, a.item.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		a.result = Result{Outcome: report.Gone, Reason: "deleted"}
		return true, nil
	case err != nil:
		a.retry(err)
		return false, err
	}
	a.etag = info.ETag
	return false, nil
}

func (a *awaited) retry(err error) Result {
	a.result = Result{Outcome: report.Retry, Reason: "transient", Err: err}
	return a.result
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
