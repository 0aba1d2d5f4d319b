package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"bytes"
	"context"
	"runtime"
	"unsafe"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Master is an original decoded once: upright, in sRGB, 8 bits, no larger than the largest of its presets needs, or than the
// others need where that one was rendered while it was decoded. It holds pixels outside Go's memory until Close.
type Master struct {
	Header Header
	Width  int // pixels of the master, not of the original
	Height int

	frames            []*C.VipsImage // RGB, or RGBA with alpha premultiplied
	artist, copyright string         // of the original's EXIF

	shared   map[recipe]*rendering
	levels   []*level
	streamed bool // the largest variant stands in shared; the master is smaller than it
}

// Decode decodes data, whose header Probe gave, for presets. Bytes that do not decode whole are an *Error. Once it has begun,
// the context is asked again only for a drawing.
func Decode(ctx context.Context, data []byte, header Header, presets []preset.Preset) (*Master, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if header.Type == SVG {
		return draw(ctx, data, header, presets)
	}
	return decode(data, header, presets)
}

// draw decodes a drawing, and no longer waits for it once the context has ended: a few KB can draw for minutes, in one
// call that nothing stops. What comes of it is thrown away then.
func draw(ctx context.Context, data []byte, header Header, presets []preset.Preset) (*Master, error) {
	type drawn struct {
		master *Master
		err    error
	}
	done := make(chan drawn)
	go func() {
		master, err := decode(data, header, presets)
		select {
		case done <- drawn{master, err}:
		case <-ctx.Done():
			if master != nil {
				master.Close()
			}
		}
	}()
	select {
	case d := <-done:
		return d.master, d.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func decode(data []byte, header Header, presets []preset.Preset) (*Master, error) {
	if !animates(presets) {
		header.Frames = 1
	}
	m := &Master{Header: header}
	if m.stream(data, presets) {
		return m.ready(nil, presets)
	}
	return decodeWhole(data, header, presets)
}

func decodeWhole(data []byte, header Header, presets []preset.Preset) (*Master, error) {
	m := &Master{Header: header}
	return m.ready(m.decode(data, presets), presets)
}

// ready is what there is to do once a master is decoded, if there was no error.
func (m *Master) ready(err error, presets []preset.Preset) (*Master, error) {
	if err != nil {
		m.Close()
		return nil, err
	}
	m.Header.iso = nil // it holds on to the original's bytes
	calls.RLock()
	defer calls.RUnlock()
	if err = m.readEXIF(); err == nil {
		err = m.dropOpaque()
	}
	if err != nil {
		m.Close()
		return nil, err
	}
	m.share(presets)
	m.plan(presets)
	return m, nil
}

// animates says whether any preset keeps frames; otherwise only the first is decoded.
func animates(presets []preset.Preset) bool {
	for _, p := range presets {
		if p.Animated != preset.First && p.Format != preset.JPEG && p.Format != preset.PNG && p.Format != preset.AVIF {
			return true
		}
	}
	return false
}

// settings sizes the master and says how its colours reach sRGB.
func (m *Master) settings(presets []preset.Preset) (C.PresizeDecode, func()) {
	m.Width, m.Height = masterSize(presets, m.Header.Width, m.Header.Height, m.Header.Type == SVG)
	shrink, scale := shrinkOnLoad(m.Header, m.Width, m.Height)
	how := C.PresizeDecode{
		_type: types[m.Header.Type], width: C.int(m.Width), height: C.int(m.Height), frames: C.int(m.Header.Frames),
		shrink: C.int(shrink), scale: C.double(scale), ahead: boolean(runtime.GOMAXPROCS(0) > 1),
		strict: boolean(m.Header.Type == JPEG),
	}
	if m.Header.profile || m.Header.fallback != "" {
		how.to_srgb = 1
	}
	if m.Header.fallback == "" {
		return how, func() {}
	}
	how.profile = C.CString(m.Header.fallback)
	return how, func() { C.free(unsafe.Pointer(how.profile)) }
}

func (m *Master) decode(data []byte, presets []preset.Preset) error {
	if m.Header.Type == HEIC {
		return m.decodeHEIC(data, presets)
	}
	how, free := m.settings(presets)
	defer free()
	m.frames = make([]*C.VipsImage, m.Header.Frames)
	err := m.attempt(data, &how)
	if err != nil && m.Header.Type == JPEG {
		err = m.excuse(data, &how)
	}
	return err
}

func (m *Master) attempt(data []byte, how *C.PresizeDecode) error {
	calls.RLock()
	defer calls.RUnlock()
	return m.attemptLocked(data, how)
}

func (m *Master) attemptLocked(data []byte, how *C.PresizeDecode) error {
	var coloured C.int
	if C.presize_decode(pointer(data), C.size_t(len(data)), how, &m.frames[0], &coloured) != 0 {
		return &Error{Reason: Corrupt, Err: vipsError("decoding a " + string(m.Header.Type))}
	}
	return m.finishColours(how, coloured)
}

// finishColours does what the decoder left to do.
func (m *Master) finishColours(how *C.PresizeDecode, coloured C.int) error {
	if coloured != 0 {
		return nil
	}
	for i := range m.frames {
		if err := m.toSRGB(i, how.profile); err != nil {
			return err
		}
	}
	return nil
}

// excuse decodes a JPEG once more, with nobody else in libvips, to see whether all that is wrong with it is nothing.
func (m *Master) excuse(data []byte, how *C.PresizeDecode) error {
	calls.Lock()
	defer calls.Unlock()
	var coloured C.int
	if C.presize_decode(pointer(data), C.size_t(len(data)), how, &m.frames[0], &coloured) == 0 {
		return m.finishColours(how, coloured)
	}
	if C.presize_only_extraneous() == 0 {
		return &Error{Reason: Corrupt, Err: vipsError("decoding a JPEG")}
	}
	how.strict = 0
	return m.attemptLocked(data, how)
}

func (m *Master) decodeHEIC(data []byte, presets []preset.Preset) error {
	decoded, err := decodeHEIC(data, m.Header.iso)
	if err != nil {
		return &Error{Reason: Corrupt, Err: err}
	}
	// The container may crop as well as turn: what was decoded is what there is.
	m.Header.Width, m.Header.Height, m.Header.Alpha = decoded.width, decoded.height, decoded.bands == 4
	if decoded.orientation > 4 {
		m.Header.Width, m.Header.Height = m.Header.Height, m.Header.Width
	}
	how, free := m.settings(presets)
	defer free()
	icc, exif := m.Header.iso.colour().icc, m.Header.iso.exif()
	frames := make([]*C.VipsImage, 1)
	var coloured C.int
	calls.RLock()
	defer calls.RUnlock()
	result := C.presize_from_pixels(pointer(decoded.data), C.size_t(len(decoded.data)), C.int(decoded.width),
		C.int(decoded.height), C.int(decoded.bands), C.int(decoded.orientation), pointer(icc), C.size_t(len(icc)),
		pointer(exif), C.size_t(len(exif)), &how, &frames[0], &coloured)
	runtime.KeepAlive(decoded.data)
	if result != 0 {
		return &Error{Reason: Corrupt, Err: vipsError("reducing an HEIC")}
	}
	m.frames = frames
	return m.finishColours(&how, coloured)
}

// readEXIF takes the credits from the EXIF block that the pixels came with, and its thumbnail out of it.
func (m *Master) readEXIF() error {
	var found unsafe.Pointer
	var length C.size_t
	if C.presize_exif(m.frames[0], &found, &length) != 0 {
		return &Error{Reason: Corrupt, Err: vipsError("reading EXIF")}
	}
	exif := bytes.Clone(unsafe.Slice((*byte)(found), int(length)))
	block, ok := readEXIF(exif)
	if !ok {
		return nil
	}
	m.artist, m.copyright = block.credits()
	if block.cutThumbnail() {
		C.presize_set_exif(m.frames[0], pointer(exif), C.size_t(len(exif)))
	}
	return nil
}

// dropOpaque removes an alpha channel through which nothing shows.
func (m *Master) dropOpaque() error {
	if C.presize_drop_opaque(&m.frames[0], C.int(len(m.frames))) != 0 {
		return &Error{Reason: Corrupt, Err: vipsError("reading the alpha channel")}
	}
	m.Header.Alpha = m.frames[0].Bands == 4
	return nil
}

// Close frees the pixels. A second call does nothing.
func (m *Master) Close() {
	for _, frame := range m.frames {
		C.presize_unref(frame)
	}
	m.dropLevels()
	m.frames = nil
}
