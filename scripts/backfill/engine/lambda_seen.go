package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Poll is how often the variants are looked for.
type Poll func() backoff.BackOff

// The function takes 0.1 to 1 s for most photos. Looking costs $0.0000004 a variant.
const (
	pollFirst   = 300 * time.Millisecond
	pollFactor  = 1.7
	pollLongest = 5 * time.Second
	// pollAll is how often all keys that a variant may have are looked at: the likeliest nearly always is the one.
	pollAll = 4
	// pollFailure is the round of those, in which the failure record is looked for: not the first, which finds most variants.
	pollFailure = 2
)

func (p Poll) backoff() backoff.BackOff {
	if p != nil {
		return p()
	}
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.Multiplier, waits.MaxInterval = pollFirst, pollFactor, pollLongest
	return waits
}

// awaited is an original whose variants are looked for.
type awaited struct {
	*Lambda

	item   Item
	etag   string
	wanted []preset.Preset
	record string // ETag of the failure record as it was before; empty when there was none
	round  int
	result Result
}

// What a look finds.
var (
	errNotYet = errors.New("not all variants stand there yet")
	errFailed = errors.New("a failure record was written")
)

// begin says what is to be looked for, before the function is invoked.
func (l *Lambda) begin(ctx context.Context, item Item) (*awaited, error) {
	a := &awaited{Lambda: l, item: item, etag: item.ETag, result: Result{Outcome: report.Done}}
	for _, p := range l.Config.PresetsFor(item.Key) {
		if len(item.Presets) == 0 || slices.Contains(item.Presets, p.Name) {
			a.wanted = append(a.wanted, p)
		}
	}
	if l.Wait <= 0 {
		return a, nil
	}
	there, err := a.failure(ctx)
	a.record = there.ETag
	return a, err
}

// failure is the failure record of the original; the zero Info when there is none.
func (a *awaited) failure(ctx context.Context) (store.Info, error) {
	key, err := a.Config.FailureKey(a.item.Key)
	if err != nil {
		return store.Info{}, nil //nolint:nilerr // an original whose record's key would be too long has none
	}
	there, err := a.Variants.Head(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return store.Info{}, nil
	}
	return there, err
}

// failed looks whether the function has written a failure record: it says when, so that no two have the same bytes.
func (a *awaited) failed(ctx context.Context) error {
	there, err := a.failure(ctx)
	if err != nil {
		return err
	}
	mark := pipeline.ReadMark(there.Metadata)
	if there.ETag == a.record || mark.Original != a.item.Key || mark.ETag != a.etag {
		return nil
	}
	a.result.Outcome, a.result.Reason = report.Failed, mark.Fingerprint
	a.result.Err = fmt.Errorf("the function wrote why into %q", there.Key)
	return errFailed
}

// await looks for the variants until they stand there, a failure record does, or Wait is over.
func (a *awaited) await(ctx context.Context) (Result, error) {
	if a.etag == "" {
		if gone, err := a.refresh(ctx); gone || err != nil {
			return a.result, nil //nolint:nilerr // it is in the result
		}
	}
	waits := a.Poll.backoff()
	waits.Reset()
	deadline := time.Now().Add(a.Wait)
	for {
		if err := sleep(ctx, min(waits.NextBackOff(), max(0, time.Until(deadline)))); err != nil {
			return a.retry(err), nil
		}
		err := a.look(ctx)
		switch late := !time.Now().Before(deadline); {
		case err == nil || errors.Is(err, errFailed):
			return a.result, nil
		case errors.Is(err, errNotYet) && late:
			return a.late(ctx), nil
		case !errors.Is(err, errNotYet) && (late || !store.Retryable(err)):
			return a.retry(err), nil // not at once: that would be another invocation
		}
	}
}

// look strikes out what stands there as it should.
func (a *awaited) look(ctx context.Context) error {
	a.round++
	var left []preset.Preset
	for i, p := range a.wanted {
		there, err := a.seen(ctx, p)
		if err != nil {
			a.wanted = append(left, a.wanted[i:]...)
			return err
		}
		if there == nil {
			left = append(left, p)
			continue
		}
		a.result.Variants++
		a.result.Bytes += there.Size
	}
	if a.wanted = left; len(left) == 0 {
		return nil
	}
	if a.round%pollAll == pollFailure {
		if err := a.failed(ctx); err != nil {
			return err
		}
	}
	return errNotYet
}

func (a *awaited) seen(ctx context.Context, p preset.Preset) (*store.Info, error) {
	for i, key := range a.Config.PredictKeys(p, a.item.Key) {
		if i > 0 && a.round%pollAll != 0 {
			break
		}
		there, err := a.Variants.Head(ctx, key)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, err
		case pipeline.ReadMark(there.Metadata).Shows(a.item.Key, a.etag, p):
			return &there, nil
		}
	}
	return nil, nil //nolint:nilnil // nothing there is no error
}
