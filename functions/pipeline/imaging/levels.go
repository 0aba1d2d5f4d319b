package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"sync"

	"github.com/presize/presize/functions/pipeline/preset"
)

// headroom is how many times as large, on both sides, what something is reduced from must be. A small variant is made from
// a larger one rather than from the master where that leaves enough: it saves reading the master's pixels again, which for
// the default presets and a photo was 6 of 150 ms. With less headroom the second reduction would show; with this, SSIM
// against a full-precision reduction of the whole original stays above 0.998.
const headroom = 1.75

// level is a still as a preset wants it, before it is cropped, and what smaller ones are made from. It stays until the
// master is closed: at the end of every pipeline libvips visits all images that its own was made from, in whatever thread.
type level struct {
	width, height int // pixels
	once          sync.Once
	image         *C.VipsImage
	err           error
}

// plan finds the levels: the sizes, smaller than the master, that presets resize to.
func (m *Master) plan(presets []preset.Preset) {
	if len(m.frames) > 1 {
		return
	}
	for _, p := range presets {
		p.Format = m.Header.Format(p)
		g := Plan(p, m.Header.Width, m.Header.Height)
		if g.Width < m.Width && g.Height < m.Height && m.levelOf(g.Width, g.Height) == nil {
			m.levels = append(m.levels, &level{width: g.Width, height: g.Height})
		}
	}
}

// levelOf is the level of exactly that size, or nil.
func (m *Master) levelOf(width, height int) *level {
	for _, l := range m.levels {
		if l.width == width && l.height == height {
			return l
		}
	}
	return nil
}

// best is the level that width x height pixels are best reduced from, the smallest with headroom; nil where that is the
// master. Which one it is depends on the presets that the master was decoded for, never on what was rendered before.
func (m *Master) best(width, height int) *level {
	var best *level
	for _, l := range m.levels {
		enough := float64(l.width) >= headroom*float64(width) && float64(l.height) >= headroom*float64(height)
		if enough && (best == nil || l.width*l.height < best.width*best.height) {
			best = l
		}
	}
	return best
}

// source is the level that a still is, or is reduced from; nil where that is the master.
func (m *Master) source(g Geometry) *level {
	if l := m.levelOf(g.Width, g.Height); l != nil && !g.cropped() {
		return l
	}
	return m.best(g.Width, g.Height)
}

// above is the image that width x height pixels are best reduced from.
func (m *Master) above(width, height int) (*C.VipsImage, error) {
	if best := m.best(width, height); best != nil {
		return m.reduced(best)
	}
	return m.frames[0], nil
}

// reduced makes a level once.
func (m *Master) reduced(l *level) (*C.VipsImage, error) {
	l.once.Do(func() {
		var source *C.VipsImage
		if source, l.err = m.above(l.width, l.height); l.err != nil {
			return
		}
		area := C.presize_all_of(C.int(l.width), C.int(l.height))
		if C.presize_shrink(source, &area, &l.image) != 0 {
			l.err = vipsError("reducing")
		}
	})
	return l.image, l.err
}

func (m *Master) dropLevels() {
	for _, l := range m.levels {
		C.presize_unref(l.image)
	}
	m.levels = nil
}
