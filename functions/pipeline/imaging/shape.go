package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/h2non/bimg"

	"github.com/presize/presize/functions/pipeline/preset"
)

// shape resizes, crops and sharpens. The choice of a smart crop and sharpening are bimg's.
func (m *Master) shape(i int, p preset.Preset, g Geometry) (*C.VipsImage, error) {
	sized, err := m.resize(i, g)
	if err != nil || (!g.Smart && p.Sharpen == 0) {
		return sized, err
	}
	if sized != m.frames[i] {
		defer C.presize_unref(sized)
	}
	return byBimg(sized, p, g)
}

// resize makes frame i as large as g says, and crops it unless the place depends on the pixels. What it gives is the
// caller's to unref, unless it is the frame itself because there is nothing to do.
func (m *Master) resize(i int, g Geometry) (*C.VipsImage, error) {
	area := C.presize_all_of(C.int(g.Width), C.int(g.Height))
	if g.cropped() {
		area.left, area.top = C.int(g.Crop.Left), C.int(g.Crop.Top)
		area.crop_width, area.crop_height = C.int(g.Crop.Width), C.int(g.Crop.Height)
	}
	if g.Width > m.Width || g.Height > m.Height {
		if m.streamed {
			return nil, errors.New("the master was not decoded for this preset")
		}
		var sized *C.VipsImage
		if C.presize_enlarge(m.frames[i], &area, &sized) != 0 {
			return nil, vipsError("enlarging")
		}
		return sized, nil
	}
	return m.reduce(i, g, &area)
}

func (m *Master) reduce(i int, g Geometry, area *C.PresizeArea) (*C.VipsImage, error) {
	if !g.cropped() && g.Width == m.Width && g.Height == m.Height {
		return m.frames[i], nil
	}
	from := m.frames[i]
	if l := m.source(g); l != nil {
		var err error
		if from, err = m.reduced(l); err != nil {
			return nil, err
		}
		if l.width == g.Width && l.height == g.Height {
			C.presize_ref(from)
			return from, nil
		}
	}
	var sized *C.VipsImage
	if C.presize_shrink(from, area, &sized) != 0 {
		return nil, vipsError("reducing")
	}
	return sized, nil
}

// byBimg hands an image that has its size already to bimg and back, as uncompressed TIFFs.
func byBimg(sized *C.VipsImage, p preset.Preset, g Geometry) (*C.VipsImage, error) {
	var buffer unsafe.Pointer
	var length C.size_t
	if C.presize_to_tiff(sized, &buffer, &length) != 0 {
		return nil, vipsError("handing an image to bimg")
	}
	defer C.g_free(C.gpointer(buffer))
	data, err := bimg.Resize(unsafe.Slice((*byte)(buffer), int(length)), asked(p, g))
	if err != nil {
		return nil, err
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

func fits(g Geometry, width, height int) bool {
	if g.Crop.Width > 0 {
		return width == g.Crop.Width && height == g.Crop.Height
	}
	return width == g.Width && height == g.Height
}

// asked is what bimg is to do.
func asked(p preset.Preset, g Geometry) bimg.Options {
	asked := bimg.Options{Type: bimg.TIFF, NoAutoRotate: true, Width: g.Width, Height: g.Height}
	if g.Crop.Width > 0 {
		asked.Width, asked.Height = g.Crop.Width, g.Crop.Height
	}
	if g.Smart {
		asked.Crop, asked.Gravity = true, bimg.GravitySmart
	} else {
		asked.Force, asked.Enlarge = true, true
	}
	if p.Sharpen > 0 {
		// libvips' defaults for a sharpening that spares flat areas, with the strength for M2.
		asked.Sharpen = bimg.Sharpen{Radius: 1, X1: 2, Y2: 10, Y3: 20, M1: 0, M2: p.Sharpen}
	}
	return asked
}
