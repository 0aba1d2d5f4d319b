package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"context"
	"fmt"
	"math"
	"unsafe"
)

// Placeholder is what a page shows while an image loads.
type Placeholder struct {
	ThumbHash []byte // a blurred picture in 25 bytes at most: https://evanw.github.io/thumbhash/
	Color     Color  // the dominant one
}

// Color is an opaque colour in sRGB: red, green, blue.
type Color [3]uint8

// String is the colour as CSS writes it: #rrggbb.
func (c Color) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// placeholderSide is the longer side, in pixels, of what a placeholder is computed from: as many as a ThumbHash is made
// for.
const placeholderSide = 100

// Placeholder makes the placeholder of the master, or of an animation's first frame. It is safe to call while presets
// are rendered.
func (m *Master) Placeholder(ctx context.Context) (Placeholder, error) {
	if err := ctx.Err(); err != nil {
		return Placeholder{}, err
	}
	small, err := m.miniature()
	if err != nil {
		return Placeholder{}, &Error{Reason: EncodeFailed, Err: err}
	}
	hashed := small
	if min(small.width, small.height) < 4 {
		// On fewer pixels than half its wavelength a frequency looks like the mean, and a single pixel decodes to a rainbow.
		hashed = small.repeated(4)
	}
	return Placeholder{ThumbHash: thumbHash(hashed), Color: small.dominant()}, nil
}

// miniatureSize has the original's shape, which that of a master for bending presets is not.
func (m *Master) miniatureSize() (width, height int) {
	across, down := float64(m.Header.Width), float64(m.Header.Height)
	scale := math.Min(placeholderSide/math.Max(across, down), math.Min(float64(m.Width)/across, float64(m.Height)/down))
	return scaled(m.Header.Width, scale), scaled(m.Header.Height, scale)
}

// miniature reduces the first frame.
func (m *Master) miniature() (miniature, error) {
	width, height := m.miniatureSize()
	var small *C.VipsImage
	calls.RLock()
	defer calls.RUnlock()
	from, err := m.above(width, height)
	if err != nil {
		return miniature{}, err
	}
	if C.presize_reduce(from, C.int(width), C.int(height), &small) != 0 {
		return miniature{}, vipsError("reducing to a placeholder")
	}
	defer C.presize_unref(small)
	out := miniature{width: int(small.Xsize), height: int(small.Ysize)}
	bands := int(small.Bands)
	data := unsafe.Slice((*uint8)(C.vips_image_get_data(small)), out.width*out.height*bands)
	out.rgba = make([]uint8, 0, out.width*out.height*4)
	for ; len(data) > 0; data = data[bands:] {
		if bands == 3 {
			out.rgba = append(out.rgba, data[0], data[1], data[2], 255)
			continue
		}
		out.rgba = append(out.rgba, straight(data[0], data[3]), straight(data[1], data[3]), straight(data[2], data[3]), data[3])
	}
	return out, nil
}

// straight takes alpha out of a premultiplied channel.
func straight(v, alpha uint8) uint8 {
	if alpha == 0 {
		return 0
	}
	a := int(alpha)
	return uint8(min(255, (int(v)*255+a/2)/a))
}
