package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"context"
	"fmt"
	"sync"

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

// Render makes one variant, unless decoding has made it already. It is safe to call for several presets at the same time;
// the presets must be among those that the master was decoded for. Presets that come to the same for this original,
// as all that are larger than it do, are rendered once and share their Data.
func (m *Master) Render(ctx context.Context, p preset.Preset) (Variant, error) {
	p.Format = m.Header.Format(p)
	g := Plan(p, m.Header.Width, m.Header.Height)
	if r := m.shared[recipeFor(p, g)]; r != nil {
		return r.get(func() (Variant, error) { return m.render(ctx, p, g) })
	}
	return m.render(ctx, p, g)
}

// recipe is what tells in a variant's bytes, once the original is known.
type recipe struct {
	preset   preset.Preset
	geometry Geometry
}

// rendering is a variant that several presets want.
type rendering struct {
	mu      sync.Mutex
	done    bool
	variant Variant
}

// get renders unless that was done. What failed, because its context ended for example, is the next caller's to try.
func (r *rendering) get(render func() (Variant, error)) (Variant, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return r.variant, nil
	}
	variant, err := render()
	if err == nil {
		r.variant, r.done = variant, true
	}
	return variant, err
}

// recipeFor leaves out of p what does not tell, or has told in g.
func recipeFor(p preset.Preset, g Geometry) recipe {
	p.Name, p.CacheControl, p.Match = "", "", ""
	p.Width, p.Height, p.Fit, p.Gravity, p.Enlarge = 0, 0, "", "", false
	return recipe{p, g}
}

// share finds the recipes that more than one preset has.
func (m *Master) share(presets []preset.Preset) {
	seen := map[recipe]bool{}
	if m.shared == nil {
		m.shared = map[recipe]*rendering{}
	}
	for _, p := range presets {
		p.Format = m.Header.Format(p)
		r := recipeFor(p, Plan(p, m.Header.Width, m.Header.Height))
		if seen[r] && m.shared[r] == nil {
			m.shared[r] = &rendering{}
		}
		seen[r] = true
	}
}

func (m *Master) render(ctx context.Context, p preset.Preset, g Geometry) (Variant, error) {
	calls.RLock()
	defer calls.RUnlock()
	frames := m.frames
	if len(frames) > 1 && (p.Animated == preset.First || (p.Format != preset.GIF && p.Format != preset.WebP)) {
		frames = frames[:1]
	}
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

// Format is the format that a preset's variant of this original has. Whether something shows through is known for certain
// when the original is decoded.
func (h Header) Format(p preset.Preset) preset.Format {
	if p.Format != preset.Original {
		return p.Format
	}
	switch h.Type {
	case JPEG, PNG, WebP, GIF, AVIF:
		return preset.Format(h.Type)
	case TIFF, SVG, HEIC:
	}
	if h.Alpha {
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
