package pipeline

import (
	"context"
	"errors"

	"github.com/presize/presize/functions/pipeline/store"
)

// verify looks at the original once more after the last write. S3 delivers events more than once and in any order, so
// the original may have been overwritten or deleted while its variants were made; whoever looks last leaves the truth.
//
// It ends the way with the permanent failure of a preset, if there was one: that does not excuse the look.
func verify(ctx context.Context, w *work) error {
	err := w.unchanged(ctx)
	if errors.Is(err, errGone) {
		return w.gone(ctx)
	}
	if err == nil && w.failed != nil {
		return w.failed
	}
	return err
}

// gone ends the way of an original that is deleted. Its variants go too: this event, or an earlier try at it, may have
// written some after whoever deleted the original had looked.
func (w *work) gone(ctx context.Context) error {
	if w.readOnly {
		return errGone
	}
	var own []string
	for _, p := range w.pipeline.Config.PresetsFor(w.change.Key) {
		for _, key := range w.pipeline.Config.PredictKeys(p, w.change.Key) {
			there, err := w.target.Head(ctx, key)
			switch {
			case errors.Is(err, store.ErrNotFound):
			case err != nil:
				return err
			case ReadMark(there.Metadata).Original == w.change.Key:
				own = append(own, key)
			}
		}
	}
	w.report.Variants = nil
	if len(own) == 0 {
		return errGone
	}
	if err := w.target.Delete(ctx, own...); err != nil {
		return err
	}
	return w.stillGone(ctx)
}

// stillGone looks once more after a deletion: the original may have come back, and its variants with it, before they
// were deleted.
func (w *work) stillGone(ctx context.Context) error {
	_, err := w.source.Head(ctx, w.change.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errGone
	case err != nil:
		return err
	}
	return errChanged
}
