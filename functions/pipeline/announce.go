package pipeline

import (
	"context"

	"github.com/presize/presize/functions/pipeline/report"
)

// announce tells of a change once every preset has its verdict, or once the variants of an original that is gone are, and
// before the last look at the original: if it has changed meanwhile, the change goes on and the last word is the true one.
// Nothing is announced of a skipped original, or of one that a backfill found up to date.
func (w *work) announce(ctx context.Context, completion report.Completion) error {
	if w.pipeline.Announce == nil {
		return nil
	}
	return w.pipeline.Announce(ctx, completion)
}

// removal is the event of an original that is gone.
func (w *work) removal() report.Completion {
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
