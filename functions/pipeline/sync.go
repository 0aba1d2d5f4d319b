package pipeline

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// maxRounds bounds how often an original that keeps changing is begun anew before its event is given back.
const maxRounds = 5

// lookups is how many originals are looked after at the same time where nothing is rendered, and requests how many of the
// small requests of each are under way: together fewer than the 1,024 files that a Lambda function may have open.
const (
	lookups  = 16
	requests = 16
)

// Result is what became of one change. Err is nil when there is nothing left to do for it, whatever became of the
// original; otherwise it is worth a retry.
type Result struct {
	Original report.Original
	Err      error
}

// Sync is SyncAll of one change.
func (p *Pipeline) Sync(ctx context.Context, change event.Change) (report.Original, error) {
	result := p.SyncAll(ctx, change)[0]
	return result.Original, result.Err
}

// SyncAll brings what stands below the resized prefix in line with the originals that changes are about, as those are
// now: an event may come late, twice, or after another that it preceded. Whatever is written or deleted, the original is
// looked at once more afterwards, and if it has changed meanwhile, everything is done anew. So whoever looks last leaves
// the truth, and a change that was interrupted anywhere is mended when it is handled again.
//
// Created originals are rendered one after the other; deletions and the CDN are asked for all changes at once, and what
// needs neither is done with as soon as it is rendered. Of several changes of one original, each waits for the one before
// it.
func (p *Pipeline) SyncAll(ctx context.Context, changes ...event.Change) []Result {
	results := make([]Result, len(changes))
	waiting := make([]int, len(changes))
	for i := range changes {
		waiting[i] = i
	}
	for len(waiting) > 0 {
		var now, later []int
		var works []*work
		taken := map[[2]string]bool{}
		for _, i := range waiting {
			original := [2]string{changes[i].Bucket, changes[i].Key}
			if taken[original] {
				later = append(later, i)
				continue
			}
			taken[original] = true
			now, works = append(now, i), append(works, p.begin(changes[i]))
		}
		p.rounds(ctx, works)
		p.lookAtTwins(ctx, works)
		for n, w := range works {
			results[now[n]] = w.end(ctx)
		}
		waiting = later
	}
	return results
}

// rounds begins anew for as long as an original turns out to have changed meanwhile.
func (p *Pipeline) rounds(ctx context.Context, pending []*work) {
	for round := 1; len(pending) > 0; round++ {
		for _, w := range pending {
			w.report = report.Original{
				Bucket: w.change.Bucket, Key: w.change.Key, ETag: w.change.ETag, Rounds: round,
				Deleted: w.report.Deleted, Stages: w.report.Stages,
			}
			w.state = &state{standing: map[string]standing{}}
		}
		p.round(ctx, pending)
		pending = which(pending, func(w *work) bool { return errors.Is(w.err, errChanged) })
		if round == maxRounds {
			for _, w := range pending {
				w.err = errKeepsChanging
			}
			return
		}
	}
}

// round does once what every change asks for.
func (p *Pipeline) round(ctx context.Context, works []*work) {
	each(ctx, works, removed)
	for _, w := range which(works, func(w *work) bool { return w.err == nil }) {
		w.err = w.walk(ctx, making)
		w.do(ctx, sweep)
		if len(w.outdated) == 0 { // what comes after it may take all the time there is
			w.do(ctx, settle)
			w.settled = true
		}
	}
	gone := which(works, func(w *work) bool { return errors.Is(w.err, errGone) })
	p.clear(ctx, gone)
	p.refresh(ctx, works)
	each(ctx, which(works, func(w *work) bool { return w.stays() && !w.settled }), settle)
	p.forget(ctx, which(gone, func(w *work) bool { return errors.Is(w.err, errGone) }))
}

// removed looks whether a removed original is still gone. One that is back, or of which a version remains, is looked at
// like a backfill's: its variants may be gone because this very change was interrupted after it had deleted them.
func removed(ctx context.Context, w *work) error {
	w.look = w.report.Rounds == 1 && (w.change.Stale || w.change.Kind == event.Removed)
	if w.change.Kind != event.Removed || !w.isOriginal() {
		return nil
	}
	_, err := w.head(ctx)
	return err
}

// head is the original as it is now; errGone when it is not there.
func (w *work) head(ctx context.Context) (store.Info, error) {
	now, err := w.source.Head(ctx, w.change.Key)
	if errors.Is(err, store.ErrNotFound) {
		err = errGone
	}
	return now, err
}

// isOriginal says whether the key is an original's; guard says of the others why not.
func (w *work) isOriginal() bool {
	_, reason := w.pipeline.Config.Classify(w.change.Key)
	return reason == ""
}

// stays says whether the original is there and its round goes on: it was rendered, it cannot be, or it must not be.
func (w *work) stays() bool {
	var p *Permanent
	return w.err == nil || errors.As(w.err, &p) || errors.Is(w.err, errIsVariant) ||
		errors.Is(w.err, errNoPreset) && len(w.change.Presets) == 0
}

// end reports what became of a change.
func (w *work) end(ctx context.Context) Result {
	w.conclude()
	w.report.Total = time.Since(w.started)
	w.pipeline.Report(ctx, w.report)
	if w.report.Outcome == report.Retry {
		return Result{w.report, w.err}
	}
	return Result{w.report, nil}
}

// each does something for many works at the same time; its error becomes how a work stands, unless it is nil.
func each(ctx context.Context, works []*work, do func(context.Context, *work) error) {
	var group errgroup.Group
	group.SetLimit(lookups)
	for _, w := range works {
		group.Go(func() error {
			w.take(ctx, do)
			return nil
		})
	}
	_ = group.Wait() // the errors are in the works
}

// do goes on with a work that stays.
func (w *work) do(ctx context.Context, what func(context.Context, *work) error) {
	if w.stays() {
		w.take(ctx, what)
	}
}

func (w *work) take(ctx context.Context, what func(context.Context, *work) error) {
	if err := what(ctx, w); err != nil {
		w.err = describe(ctx, "sync", w.change.Key, err)
	}
}

func which(works []*work, is func(*work) bool) []*work {
	var chosen []*work
	for _, w := range works {
		if is(w) {
			chosen = append(chosen, w)
		}
	}
	return chosen
}
