package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"fmt"

	"github.com/h2non/bimg"

	"github.com/presize/presize/functions/pipeline/preset"
)

// shape resizes, crops and sharpens. The choice of a smart crop and sharpening are bimg's.
func (m *Master) shape(i int, p preset.Preset, g Geometry) (*C.VipsImage, error) {
	sized, err := m.resize(i, g)
	if err != nil {
		return nil, err
	}
	steps := steps(p, g)
	if len(steps) == 0 {
		return sized, nil
	}
	data, free, err := m.source(i, sized)
	if err != nil {
		return nil, err
	}
	defer free()
	for _, step := range steps {
		if data, err = bimg.Resize(data, step); err != nil {
			return nil, err
		}
	}
	var image *C.VipsImage
	if C.presize_from_tiff(pointer(data), C.size_t(len(data)), &image) != 0 {
		return nil, vipsError("taking a variant back from bimg")
	}
	if width, height := int(image.Xsize), int(image.Ysize); !fits(g, width, height) {
		C.presize_unref(image)
		return nil, fmt.Errorf("bimg gave %d x %d pixels for %+v", width, height, g)
	}
	return image, nil
}

// resize makes frame i as large as g says, and crops it unless the place depends on the pixels. What it gives is the
// caller's to unref, unless it is the frame itself because there is nothing to do.
func (m *Master) resize(i int, g Geometry) (*C.VipsImage, error) {
	area := C.PresizeArea{width: C.int(g.Width), height: C.int(g.Height), crop_width: C.int(g.Width), crop_height: C.int(g.Height)}
	cropped := g.Crop.Width > 0 && !g.Smart
	if cropped {
		area.left, area.top = C.int(g.Crop.Left), C.int(g.Crop.Top)
		area.crop_width, area.crop_height = C.int(g.Crop.Width), C.int(g.Crop.Height)
	}
	if g.Width > m.Width || g.Height > m.Height {
		var sized *C.VipsImage
		if C.presize_enlarge(m.frames[i], &area, &sized) != 0 {
			return nil, vipsError("enlarging")
		}
		return sized, nil
	}
	return m.reduce(i, g, &area, cropped)
}

func (m *Master) reduce(i int, g Geometry, area *C.PresizeArea, cropped bool) (*C.VipsImage, error) {
	from := m.frames[i]
	if len(m.frames) == 1 {
		var err error
		if from, err = m.above(g.Width, g.Height); err != nil {
			return nil, err
		}
	}
	if !cropped {
		if g.Width == m.Width && g.Height == m.Height {
			return m.frames[i], nil
		}
		for _, l := range m.levels {
			if l.width == g.Width && l.height == g.Height {
				image, err := m.reduced(l)
				if err == nil {
					C.presize_ref(image)
				}
				return image, err
			}
		}
	}
	var sized *C.VipsImage
	if C.presize_shrink(from, area, &sized) != 0 {
		return nil, vipsError("reducing")
	}
	return sized, nil
}

// source is what bimg reads: the frame that was sized already, or the master's, and what to call when it is read.
func (m *Master) source(i int, sized *C.VipsImage) ([]byte, func(), error) {
	if sized == m.frames[i] {
		return m.tiff(i)
	}
	defer C.presize_unref(sized)
	return newTIFF(sized)
}

func fits(g Geometry, width, height int) bool {
	if g.Crop.Width > 0 {
		return width == g.Crop.Width && height == g.Crop.Height
	}
	return width == g.Width && height == g.Height
}

// steps says what bimg is asked to do with what has its size already.
func steps(p preset.Preset, g Geometry) []bimg.Options {
	step := bimg.Options{Type: bimg.TIFF, NoAutoRotate: true, Enlarge: true, Force: true, Width: g.Width, Height: g.Height}
	if g.Crop.Width > 0 {
		step.Width, step.Height = g.Crop.Width, g.Crop.Height
	}
	if g.Smart {
		step.Force, step.Enlarge, step.Crop, step.Gravity = false, false, true, bimg.GravitySmart
	}
	if p.Sharpen > 0 {
		// libvips' defaults for a sharpening that spares flat areas, with the strength for M2.
		step.Sharpen = bimg.Sharpen{Radius: 1, X1: 2, Y2: 10, Y3: 20, M1: 0, M2: p.Sharpen}
	}
	if !g.Smart && p.Sharpen == 0 {
		return nil
	}
	return []bimg.Options{step}
}
