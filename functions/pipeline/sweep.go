package pipeline

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/store"
)

// sweep deletes the variants of older states of the original that nothing was written over: an overwrite by other bytes
// may change a variant's extension, and what cannot be rendered any more must not be shown as it was.
//
// A first creation has nothing to sweep, and pays nothing for it. What is suspect is looked at key by key.
func sweep(ctx context.Context, w *work) error {
	if !w.suspect() && len(w.replaced) == 0 {
		return nil
	}
	if err := w.readManifest(ctx); err != nil {
		return err
	}
	return w.sweepAll(ctx, w.suspect())
}

// suspect says whether there may be variants of an older state. A change whose ETag is not the original's is one that
// was overtaken, perhaps after it had written some.
func (w *work) suspect() bool {
	return w.err != nil || w.older || w.change.ETag == "" || w.overtaken() || w.manifestKey() == ""
}

// overtaken says whether the original is another than the one that the change, or an earlier round, was about.
func (w *work) overtaken() bool {
	return w.report.Rounds > 1 || w.change.ETag != "" && w.change.ETag != w.info.ETag
}

// sweepAll deletes at every key at which a variant may stand or, when it is not thorough, at those that the manifest of
// before names.
func (w *work) sweepAll(ctx context.Context, thorough bool) error {
	found, err := w.heads(ctx, w.candidates(thorough))
	if err != nil {
		return err
	}
	w.deleted = nil
	for _, there := range found {
		if w.outlived(there.Key, ReadMark(there.Metadata)) {
			w.deleted = append(w.deleted, there.Key)
		}
	}
	w.expire()
	if len(w.deleted) == 0 {
		return nil
	}
	w.report.Deleted += len(w.deleted)
	return w.target.Delete(ctx, w.deleted...)
}

// candidates are the keys that the manifest of before names and, to be thorough, all at which a variant of the original may
// stand, whatever its bytes were; but for those at which one of today's stands.
func (w *work) candidates(thorough bool) []string {
	config := w.pipeline.Config
	var keys []string
	if thorough {
		for _, p := range config.Presets {
			keys = append(keys, config.PredictKeys(p, w.change.Key)...)
		}
	}
	if w.manifest != nil {
		for _, v := range w.manifest.Variants {
			keys = append(keys, v.Key)
		}
	}
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), w.keeps)
}

// keeps says whether one of today's variants stands at key.
func (w *work) keeps(key string) bool {
	for _, s := range w.standing {
		if s.key == key {
			return true
		}
	}
	return false
}

// outlived says whether what stands at a key that is not in use today was the original's variant. One of the present
// state is left alone unless its preset has another one now: it may be all there is, when rendering failed.
func (w *work) outlived(key string, mark Mark) bool {
	if mark.Original != w.change.Key || w.keeps(key) {
		return false
	}
	_, elsewhere := w.standing[mark.Preset]
	return mark.ETag != w.info.ETag || elsewhere
}

// expire notes what a CDN should forget: keys that are deleted, keys that were written over, and what an interrupted try
// may have written over: everything that the manifest of before said otherwise, and after an overtaken change all of it.
func (w *work) expire() {
	keys := slices.Concat(w.deleted, w.replaced)
	if w.overtaken() {
		for _, s := range w.standing {
			keys = append(keys, s.key)
		}
	}
	if w.manifest != nil {
		for _, v := range w.manifest.Variants {
			now, stands := w.standing[v.Preset]
			if !stands || w.manifest.Original.ETag != w.info.ETag || v.Key != now.key || v.Fingerprint != now.mark.Fingerprint {
				keys = append(keys, v.Key)
			}
		}
	}
	slices.Sort(keys)
	w.outdated = slices.Compact(keys)
}

// heads describes those of the keys that exist.
func (w *work) heads(ctx context.Context, keys []string) ([]store.Info, error) {
	found := make([]store.Info, len(keys))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(lookups)
	for i, key := range keys {
		if key == "" {
			continue
		}
		group.Go(func() error {
			there, err := w.target.Head(inner, key)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			found[i] = there
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(i store.Info) bool { return i.Key == "" }), nil
}
