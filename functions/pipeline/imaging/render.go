package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"context"
	"fmt"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Variant is one variant's bytes and what they are.
type Variant struct {
	Data   []byte
	Format preset.Format // never preset.Original
	Width  int           // pixels, of one frame
	Height int           // pixels, of one frame
	Frames int
}

// ContentType is the variant's MIME type.
func (v Variant) ContentType() string { return "image/" + string(v.Format) }

// Render makes one variant. It is safe to call for several presets at the same time; the presets must be among those
// that the master was decoded for, or need no more pixels than they do.
func (m *Master) Render(ctx context.Context, p preset.Preset) (Variant, error) {
	calls.RLock()
	defer calls.RUnlock()
	p.Format = m.Format(p)
	frames := m.frames
	if len(frames) > 1 && (p.Animated == preset.First || (p.Format != preset.GIF && p.Format != preset.WebP)) {
		frames = frames[:1]
	}
	g := Plan(p, m.Header.Width, m.Header.Height)
	rendered := make([]*C.VipsImage, 0, len(frames))
	defer func() {
		for i, image := range rendered {
			if image != m.frames[i] {
				C.presize_unref(image)
			}
		}
	}()
	for i := range frames {
		if err := ctx.Err(); err != nil {
			return Variant{}, err
		}
		image, err := m.renderFrame(i, p, g)
		if err != nil {
			return Variant{}, &Error{Reason: EncodeFailed, Err: fmt.Errorf("preset %s: %w", p.Name, err)}
		}
		rendered = append(rendered, image)
	}
	data, err := m.encode(rendered, p, g)
	if err != nil {
		return Variant{}, &Error{Reason: EncodeFailed, Err: fmt.Errorf("preset %s: %w", p.Name, err)}
	}
	width, height := g.Size()
	return Variant{Data: data, Format: p.Format, Width: width, Height: height, Frames: len(frames)}, nil
}

// Format is the format that a preset's variant of this master has.
func (m *Master) Format(p preset.Preset) preset.Format {
	if p.Format != preset.Original {
		return p.Format
	}
	switch m.Header.Type {
	case JPEG, PNG, WebP, GIF, AVIF:
		return preset.Format(m.Header.Type)
	case TIFF, SVG, HEIC:
	}
	if m.Header.Alpha {
		return preset.WebP
	}
	return preset.JPEG
}

// renderFrame resizes, crops and applies effects; where there is nothing to do it gives the master's own frame.
func (m *Master) renderFrame(i int, p preset.Preset, g Geometry) (*C.VipsImage, error) {
	image, err := m.shape(i, p, g)
	if err != nil || p.Blur == 0 {
		return image, err
	}
	if image != m.frames[i] {
		defer C.presize_unref(image)
	}
	// bimg drops the least weight that it is given, and with libvips' own a sigma of 0.5 does nothing.
	var blurred *C.VipsImage
	if C.presize_blur(image, C.double(p.Blur), &blurred) != 0 {
		return nil, vipsError("blurring")
	}
	return blurred, nil
}
