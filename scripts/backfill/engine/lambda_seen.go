package engine

import (
	"context"
	"errors"
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
	round  int
	result Result
}

// errNotYet asks for another look.
var errNotYet = errors.New("not all variants stand there yet")

// await looks for the variants until they stand there or Wait is over.
func (l *Lambda) await(ctx context.Context, item Item) (Result, error) {
	a := &awaited{Lambda: l, item: item, etag: item.ETag, result: Result{Outcome: report.Done}}
	for _, p := range l.Config.PresetsFor(item.Key) {
		if len(item.Presets) == 0 || slices.Contains(item.Presets, p.Name) {
			a.wanted = append(a.wanted, p)
		}
	}
	if a.etag == "" {
		if gone, err := a.refresh(ctx); gone || err != nil {
			return a.result, nil //nolint:nilerr // it is in the result
		}
	}
	waits := l.Poll.backoff()
	waits.Reset()
	deadline := time.Now().Add(l.Wait)
	for {
		if err := sleep(ctx, min(waits.NextBackOff(), max(0, time.Until(deadline)))); err != nil {
			return a.retry(err), nil
		}
		err := a.look(ctx)
		switch late := !time.Now().Before(deadline); {
		case err == nil:
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
	if a.wanted = left; len(left) > 0 {
		return errNotYet
	}
	return nil
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
