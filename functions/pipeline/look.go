package pipeline

import (
	"context"
	"errors"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// look leaves out the presets whose variants stand there already as they should, when the change asks for that. It
// costs a HEAD of the original and of each variant; rendering what was there would cost more.
func look(ctx context.Context, w *work) error {
	if !w.change.Stale {
		return nil
	}
	now, err := w.source.Head(ctx, w.change.Key)
	if errors.Is(err, store.ErrNotFound) {
		return w.gone(ctx)
	}
	if err != nil {
		return err
	}
	var wanting []preset.Preset
	for _, p := range w.presets {
		fresh, err := w.fresh(ctx, p, now.ETag)
		if err != nil {
			return err
		}
		if !fresh {
			wanting = append(wanting, p)
		}
	}
	if len(wanting) == 0 {
		return skip("up-to-date")
	}
	w.presets = wanting
	return nil
}

// fresh says whether a preset's variant of the original's state etag stands at one of the keys that it may have.
func (w *work) fresh(ctx context.Context, p preset.Preset, etag string) (bool, error) {
	for _, key := range w.pipeline.Config.PredictKeys(p, w.change.Key) {
		there, err := w.target.Head(ctx, key)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return false, err
		case ReadMark(there.Metadata).Shows(w.change.Key, etag, p):
			return true, nil
		}
	}
	return false, nil
}
