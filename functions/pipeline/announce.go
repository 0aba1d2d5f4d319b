package pipeline

import (
	"context"
	"errors"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
)

// announce tells of a change once every preset has its verdict. Nothing is announced of what changed nothing: a skipped
// original, one that a backfill found up to date, or a created one that is gone by now, of which its own removal tells.
func (w *work) announce(ctx context.Context) error {
	if w.pipeline.Announce == nil {
		return nil
	}
	_, lasting := errors.AsType[*Permanent](w.err)
	switch {
	case w.err == nil || lasting && w.info.ETag != "":
	case errors.Is(w.err, errGone) && w.change.Kind == event.Removed:
	default:
		return nil
	}
	return w.pipeline.Announce(ctx, w.completion())
}

func (w *work) completion() report.Completion {
	target := "" // nobody but the settings knows another bucket's name, and the reader has those
	if !errors.Is(w.err, errGone) {
		return w.rendering().Completion(w.change.Bucket, target, w.manifestKey(), w.newManifest())
	}
	removal := report.Removal{
		Bucket: w.change.Bucket, Key: w.change.Key, ETag: w.change.ETag, Sequencer: w.change.Sequencer, ManifestKey: w.manifestKey(),
	}
	if w.manifest != nil {
		removal.ETag = w.manifest.Original.ETag
		for _, v := range w.manifest.Variants {
			removal.Presets = append(removal.Presets, v.Preset)
		}
	}
	return w.rendering().Removed(removal)
}
