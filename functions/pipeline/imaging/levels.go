package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"slices"
	"sync"

	"github.com/presize/presize/functions/pipeline/preset"
)

// headroom is how many times as large, on both sides, what something is reduced from must be. A small variant is made from
// a larger one rather than from the master where that leaves enough: it saves reading the master's pixels again, which for
// the default presets and a photo was 6 of 150 ms. With less headroom the second reduction would show; with this, SSIM
// against a full-precision reduction of the whole original stays above 0.998.
const headroom = 1.75

// level is a still as a preset wants it, before it is cropped, and what smaller ones are made from. It is kept for as many
// uses as are planned.
type level struct {
	width, height int // pixels

	mu    sync.Mutex
	uses  int
	image *C.VipsImage // NULL before the first use and after the last
}

// plan finds the levels: the sizes, smaller than the master, that presets resize to.
func (m *Master) plan(presets []preset.Preset) {
	if len(m.frames) > 1 {
		return
	}
	plans := make([]Geometry, len(presets))
	for i, p := range presets {
		p.Format = m.Format(p)
		g := Plan(p, m.Header.Width, m.Header.Height)
		if plans[i] = g; g.Width < m.Width && g.Height < m.Height && m.levelOf(g.Width, g.Height) == nil {
			m.levels = append(m.levels, &level{width: g.Width, height: g.Height})
		}
	}
	for _, g := range plans {
		if l := m.levelFor(g); l != nil {
			l.uses++
		}
	}
	if l := m.above(m.miniatureSize()); l != nil {
		l.uses++
	}
	slices.SortFunc(m.levels, func(a, b *level) int { return a.width*a.height - b.width*b.height })
	for _, l := range m.levels { // what uses a level is smaller
		if from := m.above(l.width, l.height); from != nil && l.uses > 0 {
			from.uses++
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

// above is what width x height pixels are best reduced from: the smallest level with headroom, or nil for the master. Which
// one that is depends on the presets that the master was decoded for, never on what was rendered before.
func (m *Master) above(width, height int) *level {
	var best *level
	for _, l := range m.levels {
		enough := float64(l.width) >= headroom*float64(width) && float64(l.height) >= headroom*float64(height)
		if enough && (best == nil || l.width*l.height < best.width*best.height) {
			best = l
		}
	}
	return best
}

// levelFor is what a still is made of: the level that is it already, or what it is reduced from; nil for the master.
func (m *Master) levelFor(g Geometry) *level {
	if l := m.levelOf(g.Width, g.Height); l != nil && !g.cuts() {
		return l
	}
	return m.above(g.Width, g.Height)
}

// use makes a level unless it is there; nil is the master itself, of which it gives frame i. What it gives is the caller's to
// unref.
func (m *Master) use(l *level, i int) (*C.VipsImage, error) {
	if l == nil {
		C.presize_ref(m.frames[i])
		return m.frames[i], nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.image == nil {
		from, err := m.use(m.above(l.width, l.height), i)
		if err != nil {
			return nil, err
		}
		defer C.presize_unref(from)
		area := C.PresizeArea{
			width: C.int(l.width), height: C.int(l.height), crop_width: C.int(l.width), crop_height: C.int(l.height),
		}
		if C.presize_shrink(from, &area, &l.image) != 0 {
			return nil, vipsError("reducing")
		}
	}
	image := l.image
	if l.uses--; l.uses > 0 {
		C.presize_ref(image)
	} else {
		l.image = nil
	}
	return image, nil
}

func (m *Master) dropLevels() {
	for _, l := range m.levels {
		C.presize_unref(l.image)
	}
	m.levels = nil
}
