package pipeline

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// sweep deletes the variants of older states of the original that nothing was written over: an overwrite by other bytes
// may change a variant's extension, and what cannot be rendered any more must not be shown as it was.
//
// A first creation has nothing to sweep, and pays nothing for it. What is suspect is looked at key by key.
func sweep(ctx context.Context, w *work) error {
	if errors.Is(w.err, errNoPreset) {
		return w.sweepUnwanted(ctx)
	}
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
	keys := w.candidates(thorough)
	if w.older || w.overtaken() {
		former, err := w.formerKeys(ctx)
		if err != nil {
			return err
		}
		keys = slices.DeleteFunc(append(keys, former...), w.keeps)
		slices.Sort(keys)
		keys = slices.Compact(keys)
	}
	found, err := w.heads(ctx, keys)
	if err != nil {
		return err
	}
	w.deleted = nil
	for _, there := range found {
		mark := ReadMark(there.Metadata)
		switch {
		case w.outlived(there.Key, mark):
			w.deleted = append(w.deleted, there.Key)
		case mark.Original == w.change.Key && mark.ETag == w.info.ETag && w.wants(mark.Preset):
			// Right as it is, and all there is, since rendering it anew has failed.
			w.stand(mark.Preset, standing{there.Key, mark, there.Size, there.ContentType})
		}
	}
	w.expire()
	return w.deleteNow(ctx)
}

// deleteNow deletes what was found outdated of an original that is there.
func (w *work) deleteNow(ctx context.Context) error {
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

// sweepUnwanted deletes what stands of an original that no preset matches any more, as far as its manifest tells.
func (w *work) sweepUnwanted(ctx context.Context) error {
	if err := w.readManifest(ctx); err != nil || w.manifest == nil {
		return err
	}
	now, err := w.head(ctx)
	if err != nil {
		return err
	}
	found, err := w.heads(ctx, w.candidates(false))
	if err != nil {
		return err
	}
	for _, there := range found {
		if ReadMark(there.Metadata).Original == w.change.Key {
			w.deleted = append(w.deleted, there.Key)
		}
	}
	w.expire()
	w.info = now
	return w.deleteNow(ctx)
}

// wants says whether the original gets the preset.
func (w *work) wants(name string) bool {
	return slices.ContainsFunc(w.pipeline.Config.PresetsFor(w.change.Key), func(p preset.Preset) bool { return p.Name == name })
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
	if w.manifestKey() == "" && errors.Is(w.err, errGone) {
		for _, p := range w.pipeline.Config.Presets { // without a manifest nobody knows what an earlier try has deleted
			if likely := w.pipeline.Config.PredictKeys(p, w.change.Key); len(likely) > 0 {
				keys = append(keys, likely[0])
			}
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
	group.SetLimit(requests)
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
