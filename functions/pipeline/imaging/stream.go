package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"

	"github.com/presize/presize/functions/pipeline/preset"
)

var errNoTable = errors.New("a profile that is more than three curves and a matrix")

// course is how an original is rendered without its master ever standing in memory whole: one variant has the master's own
// pixels, and takes them line by line as they are decoded; all the others are made from one level.
type course struct {
	preset   preset.Preset // of that variant
	geometry Geometry
	level    *level
}

// stream decodes and encodes the largest variant at the same time, after which the master is the level that the others are
// made from: a 24-megapixel photo takes 4 MiB less, and on two processors 5 % less time. False means that nothing was done,
// and is to be done otherwise, be it only to learn what is wrong.
func (m *Master) stream(data []byte, presets []preset.Preset) bool {
	how, free := m.settings(presets)
	defer free()
	m.plan(presets)
	defer m.dropLevels()
	c, ok := m.course(presets)
	return ok && m.follow(c, data, &how)
}

// course finds a way for an upright photo of one frame, if there is one.
func (m *Master) course(presets []preset.Preset) (course, bool) {
	h := m.Header
	if h.Type == HEIC || h.Type == SVG || h.Frames > 1 || h.Alpha || h.Grey || h.orientation > 1 {
		return course{}, false
	}
	var c course
	for _, p := range presets {
		p.Format = m.Header.Format(p)
		if g := Plan(p, h.Width, h.Height); !c.takes(p, g, m) && !c.leaves(m.root(m.source(g))) {
			return course{}, false
		}
	}
	return c, c.preset.Format != "" && c.leaves(m.root(m.best(m.miniatureSize())))
}

// takes says whether p is the variant that has the master's own pixels, and takes them. No other encoder than that of JPEGs
// keeps pace with decoding; side by side with the other variants they do better.
func (c *course) takes(p preset.Preset, g Geometry, m *Master) bool {
	plain := g == Geometry{Width: m.Width, Height: m.Height} && p.Blur == 0 && p.Sharpen == 0 && p.Format == preset.JPEG
	if c.preset.Format == "" && plain {
		c.preset, c.geometry = p, g
	}
	return plain && recipeFor(p, g) == recipeFor(c.preset, c.geometry)
}

// leaves says whether what is made by way of a level can be, as everything else is.
func (c *course) leaves(by *level) bool {
	if c.level == nil {
		c.level = by
	}
	return by != nil && by == c.level
}

// root is the level next to the master by which l comes from it; nil for the master itself.
func (m *Master) root(l *level) *level {
	if l == nil {
		return nil
	}
	if above := m.best(l.width, l.height); above != nil {
		return m.root(above)
	}
	return l
}

func (m *Master) follow(c course, data []byte, how *C.PresizeDecode) bool {
	var pinned runtime.Pinner
	defer pinned.Unpin()
	pinned.Pin(unsafe.SliceData(data))
	calls.RLock()
	defer calls.RUnlock()
	s := C.presize_stream_open(pointer(data), C.size_t(len(data)), how, C.int(c.level.width), C.int(c.level.height))
	if s == nil {
		return false
	}
	m.frames = []*C.VipsImage{C.presize_stream_image(s)}
	encoded, err := m.encodeStream(c, s, how, &pinned)
	m.frames[0] = nil
	if C.presize_stream_close(s, &m.frames[0]) != 0 || err != nil {
		C.presize_unref(m.frames[0])
		m.frames = nil
		return false
	}
	m.streamed = true
	m.Width, m.Height = c.level.width, c.level.height
	variant := Variant{Data: encoded, Format: c.preset.Format, Width: c.geometry.Width, Height: c.geometry.Height, Frames: 1}
	m.shared = map[recipe]*rendering{recipeFor(c.preset, c.geometry): {done: true, variant: variant}}
	return true
}

// encodeStream is where everything is read: lines are made as the encoder asks for them.
func (m *Master) encodeStream(c course, s *C.PresizeStream, how *C.PresizeDecode, pinned *runtime.Pinner) ([]byte, error) {
	if how.to_srgb != 0 {
		shares, ok := m.byTable(0, how.profile)
		if !ok {
			return nil, errNoTable
		}
		if shares != nil {
			curve := linearToSRGB()
			pinned.Pin(shares)
			pinned.Pin(curve)
			C.presize_stream_colour(s, &shares[0][0][0], (*C.uchar)(&curve[0]), curveSteps)
		}
	}
	if err := m.readEXIF(); err != nil {
		return nil, err
	}
	return m.encode(m.frames, c.preset, c.geometry)
}
