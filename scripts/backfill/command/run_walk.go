package command

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
	"github.com/presize/presize/scripts/backfill/survey"
)

// walk goes over the originals twice: once for the plan, in any order, and once for the run, in the order that the
// checkpoint speaks of. The index keeps the second walk from asking again what the first was told.
type walk struct {
	*run

	at         *site
	index      *survey.Index
	checkpoint *engine.Checkpoint
}

// errLeft ends a survey whose findings nobody takes any more. Requests in flight may fail before it is told.
var errLeft = errors.New("nobody takes the findings")

func (w *walk) survey(s *selection) *survey.Survey {
	v := s.survey(w.at)
	v.Index, v.TrustListing, v.OnlyOriginals = w.index, w.trustListing(), true
	v.After = w.checkpoint.Through()
	return v
}

// selected is the selection as it is at a run's start: what a run did that this one resumes counts for --max-objects.
func (w *walk) selected() *selection {
	s := w.selection
	s.taken = w.checkpoint.Before().Ended
	return &s
}

// plan counts what there is to do.
func (w *walk) plan(ctx context.Context) (price.Work, error) {
	if w.from != "" {
		return w.planFrom(ctx)
	}
	s := w.selected()
	t := newTally(s, w.at.Config, w.sample)
	v := w.survey(s)
	v.Ordered = v.After != "" || w.MaxObjects > 0 // which takes the first ones in order, as the run does
	watch := startWatch(w.messages())
	v.Progress = watch.cost
	_, err := v.Walk(ctx, func(f survey.Finding) error {
		if err := w.overspent(); err != nil {
			return err
		}
		watch.found(len(f.Originals))
		f.Originals = slices.DeleteFunc(f.Originals, func(o survey.Original) bool { return w.checkpoint.Ended(o.Key) })
		return t.add(f)
	})
	watch.stop()
	if dear := w.overspent(); dear != nil && err != nil {
		err = dear // the reason for whatever the walk made of it
	}
	if err != nil && !t.enough {
		return price.Work{}, err
	}
	perByte, read, err := t.sample.Density(ctx, w.at.Originals, w.at.Config)
	if err != nil {
		return price.Work{}, err
	}
	if read == 0 {
		perByte = w.rates.Of(price.MegapixelsPerMB) / bytesInMB
	}
	t.work.Megapixels = float64(t.work.Bytes) * perByte
	return t.work, nil
}

// overspent ends a plan that alone costs more than is allowed.
func (w *walk) overspent() error {
	if spent := w.spent(); w.maxCost > 0 && spent > w.maxCost {
		return fmt.Errorf("planning alone has cost $%.4f and --max-cost is $%.4f: nothing was rendered; allow more, or select less with --prefix, or with --only missing, which takes no HEADs",
			spent, w.maxCost)
	}
	return nil
}

// planFrom counts the originals of a file, or of failure records. Of their variants nothing is known: the plan takes all of
// them for missing.
func (w *walk) planFrom(ctx context.Context) (price.Work, error) {
	var work price.Work
	items := w.items
	if w.from == fromFailed {
		items = func(ctx context.Context) iter.Seq2[engine.Item, error] {
			return w.quarantined(ctx, w.selected(), w.checkpoint.Ended)
		}
	}
	for item, err := range items(ctx) {
		if err != nil {
			return work, err
		}
		if err := w.overspent(); err != nil {
			return work, err
		}
		if w.checkpoint.Ended(item.Key) {
			continue
		}
		presets := w.at.Config.PresetsFor(item.Key)
		work.Originals++
		for _, p := range presets {
			if len(item.Presets) == 0 || slices.Contains(item.Presets, p.Name) {
				work.Missing++
				work.Looks++
			}
		}
	}
	return work, nil
}

// items are the run's.
func (w *walk) items(ctx context.Context) iter.Seq2[engine.Item, error] {
	switch {
	case w.from == fromFailed:
		return w.quarantined(ctx, w.selected(), w.checkpoint.Listed)
	case w.from != "":
		return engine.FromFailures(w.from, w.Presets, w.Only == onlyAll)(ctx)
	}
	return func(yield func(engine.Item, error) bool) {
		s := w.selected()
		v := w.survey(s)
		v.Ordered = true
		left := false // or enough were taken
		_, err := v.Walk(ctx, func(f survey.Finding) error {
			if left {
				return errLeft
			}
			slices.SortFunc(f.Originals, func(a, b survey.Original) int { return strings.Compare(a.Key, b.Key) })
			for _, o := range f.Originals {
				err := w.visit(s, o, yield)
				if left = errors.Is(err, errLeft) || errors.Is(err, errEnough); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !left {
			yield(engine.Item{}, err)
		}
	}
}

// passing are the run's items where nothing is rendered: each has ended, for the checkpoint's memory, once the next is asked for.
func (w *walk) passing(ctx context.Context) iter.Seq2[engine.Item, error] {
	return func(yield func(engine.Item, error) bool) {
		for item, err := range w.items(ctx) {
			if !yield(item, err) {
				return
			}
			w.checkpoint.Pass(item.Key)
		}
	}
}

func (w *walk) visit(s *selection, o survey.Original, yield func(engine.Item, error) bool) error {
	if w.checkpoint.Listed(o.Key) {
		return nil
	}
	var work []survey.Variant
	if s.selected(w.at.Config, o) {
		work = s.work(o)
	}
	if len(work) == 0 {
		w.checkpoint.Pass(o.Key)
		return nil
	}
	if !s.take() {
		return errEnough
	}
	item := engine.Item{Key: o.Key, ETag: o.ETag, Size: o.Size}
	for _, v := range work {
		item.Presets = append(item.Presets, v.Preset)
	}
	if !yield(item, nil) {
		return errLeft
	}
	return nil
}
