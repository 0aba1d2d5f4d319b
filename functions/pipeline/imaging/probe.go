package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Header is what an original says of itself before a pixel of it is decoded.
type Header struct {
	Type        Type
	Width       int  // pixels, upright, of one frame
	Height      int  // pixels, upright, of one frame
	Frames      int  // 1 unless it is animated
	Alpha       bool // it has an alpha channel; whether anything shows through is known after decoding
	Grey        bool
	orientation int    // EXIF, 1 to 8
	profile     bool   // an embedded ICC profile that fits the pixels
	fallback    string // libvips' name of a profile that the container states without embedding it
	largest     int64  // pixels of the largest image that decoding passes through
	iso         *isoFile
}

// Probe reads the header of an original: its type, by the bytes alone, and its size. It refuses, as an *Error, what is
// no image, what is not rendered, and what is over a limit; svg says whether SVG is allowed. It decodes no pixels.
func Probe(data []byte, limits preset.Limits, svg bool) (Header, error) {
	if len(data) == 0 {
		return Header{}, &Error{Reason: Empty, Err: errNoBytes}
	}
	if int64(len(data)) > limits.MaxBytes {
		return Header{}, failure(TooLarge, "%d bytes; limits.max_bytes is %d", len(data), limits.MaxBytes)
	}
	header, err := readHeader(data, limits, svg)
	if err != nil {
		return Header{}, err
	}
	if header.Frames > limits.MaxFrames {
		return header, failure(TooManyFrames, "%d frames; limits.max_frames is %d", header.Frames, limits.MaxFrames)
	}
	pixels := area(header.Width, header.Height)
	if pixels > limits.MaxPixels || pixels*int64(header.Frames) > limits.MaxPixels || header.largest > limits.MaxPixels {
		return header, failure(TooManyPixels, "%s; limits.max_pixels is %d", header.dimensions(), limits.MaxPixels)
	}
	return header, nil
}

// area is the number of pixels, or the largest number there is: the product of hostile sides must not wrap around.
func area(width, height int) int64 {
	if width > 0 && int64(height) > math.MaxInt64/int64(width) {
		return math.MaxInt64
	}
	return int64(width) * int64(height)
}

func (h Header) dimensions() string {
	if h.Frames > 1 {
		return fmt.Sprintf("%d x %d pixels x %d frames", h.Width, h.Height, h.Frames)
	}
	return fmt.Sprintf("%d x %d pixels", h.Width, h.Height)
}

func readHeader(data []byte, limits preset.Limits, svg bool) (Header, error) {
	kind, other := sniff(data)
	switch {
	case other != "":
		return Header{}, failure(UnsupportedType, "%s is not rendered; JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF and SVG are", other)
	case kind == "":
		return Header{}, failure(NotAnImage, "no known image format; it begins %q", data[:min(len(data), 16)])
	case kind == SVG && !svg:
		return Header{}, failure(UnsupportedType, "SVG is rendered only when presets.yaml says `svg: true`")
	case kind == SVG:
		return probeSVG(data)
	case kind == HEIC:
		return probeHEIC(data)
	}
	if err := checkStructure(data, kind, limits); err != nil {
		return Header{}, err
	}
	header, err := probeVips(data, kind)
	if err == nil && kind == AVIF {
		if file, err := readISO(data); err == nil {
			_, _, header.largest = file.size()
			if !header.profile {
				header.fallback = file.fallbackProfile()
			}
		}
	}
	return header, err
}

// checkStructure looks for what libvips would let pass, or refuse for another reason than the one that helps.
func checkStructure(data []byte, kind Type, limits preset.Limits) error {
	switch kind {
	case PNG:
		return checkPNG(data)
	case GIF:
		return checkGIF(data, limits.MaxFrames)
	case JPEG:
		// libjpeg gives up on sides above 65,500 pixels without saying how many there are.
		said, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if pixels := int64(said.Width) * int64(said.Height); err == nil && pixels > limits.MaxPixels {
			return failure(TooManyPixels, "%d x %d pixels; limits.max_pixels is %d", said.Width, said.Height, limits.MaxPixels)
		}
	case WebP, AVIF, TIFF, SVG, HEIC:
	}
	return nil
}

// probeVips has libvips read a header.
func probeVips(data []byte, kind Type) (Header, error) {
	calls.RLock()
	defer calls.RUnlock()
	var found C.PresizeHeader
	if C.presize_probe(pointer(data), C.size_t(len(data)), types[kind], &found) != 0 {
		return Header{}, &Error{Reason: Corrupt, Err: vipsError("reading the header of a " + string(kind))}
	}
	header := Header{
		Type: kind, Width: int(found.width), Height: int(found.height), Frames: 1,
		Alpha: found.alpha != 0, Grey: found.grey != 0, profile: found.profile != 0, orientation: int(found.orientation),
	}
	if kind == GIF || kind == WebP {
		header.Frames = max(1, int(found.frames)) // pages of a TIFF or AVIF are not frames: the first is shown
	}
	if header.orientation >= 5 && header.orientation <= 8 {
		header.Width, header.Height = header.Height, header.Width
	}
	return header, nil
}
