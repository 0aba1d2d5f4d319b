package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/store"
)

// fetch reads the original as it is now, which may be newer than the event. An original over limits.max_bytes is
// refused by its header; its body is not read.
func fetch(ctx context.Context, w *work) error {
	info, body, err := w.source.Open(ctx, w.change.Key)
	if errors.Is(err, store.ErrNotFound) {
		return errGone
	}
	if errors.Is(err, store.ErrArchived) {
		if w.info, err = w.source.Head(ctx, w.change.Key); err == nil {
			err = &Permanent{Archived, errors.New("restore it before it can be rendered")}
		}
	}
	if err != nil {
		return permanent(err)
	}
	defer body.Close()
	w.info, w.report.ETag, w.report.BytesIn = info, info.ETag, info.Size
	if ReadMark(info.Metadata).Fingerprint != "" {
		// A variant that was copied below the originals prefix: rendering it again is how loops begin.
		return errIsVariant
	}
	if w.looked != "" && w.looked != info.ETag {
		return errChanged
	}
	limit := w.pipeline.Config.Limits.MaxBytes
	if info.Size > limit {
		return &Permanent{string(imaging.TooLarge), fmt.Errorf("%d bytes; limits.max_bytes is %d", info.Size, limit)}
	}
	w.data = make([]byte, info.Size)
	if _, err := io.ReadFull(body, w.data); err != nil {
		return fmt.Errorf("reading the body of %d bytes: %w", info.Size, err)
	}
	return nil
}

// probe reads the original's header and enforces the limits.
func probe(_ context.Context, w *work) error {
	header, err := imaging.Probe(w.data, w.pipeline.Config.Limits, w.pipeline.Config.SVG)
	w.header = header
	w.report.Type, w.report.Frames = string(header.Type), header.Frames
	w.report.Width, w.report.Height = header.Width, header.Height
	return permanent(err)
}

// master decodes the original once.
func master(ctx context.Context, w *work) error {
	if err := w.pipeline.acquire(ctx); err != nil {
		return err
	}
	defer w.pipeline.release()
	presets := w.presets
	if len(presets) == 0 { // for the placeholder alone
		presets = w.pipeline.Config.PresetsFor(w.change.Key)
	}
	decoded, err := imaging.Decode(ctx, w.data, w.header, presets)
	if err != nil {
		return permanent(err)
	}
	w.master = decoded
	if w.manifestKey() != "" && !w.readOnly {
		shown, err := decoded.Placeholder(ctx)
		if err != nil {
			return permanent(err)
		}
		w.placeholder = &shown
	}
	w.data = nil // the encoded bytes are not needed any more
	w.report.Width, w.report.Height = decoded.Header.Width, decoded.Header.Height
	return nil
}
