package imaging

import (
	"bytes"
	"fmt"
	"image"
	"io"

	"github.com/gen2brain/heic"
)

// probeHEIC reads an HEIC's size from its container: gen2brain/heic's own DecodeConfig looks at 32 KiB only, too
// little for the files that phones make.
func probeHEIC(data []byte) (Header, error) {
	file, err := readISO(data)
	if err != nil {
		return Header{}, &Error{Reason: Corrupt, Err: fmt.Errorf("HEIC: %w", err)}
	}
	width, height, largest := file.size()
	if width <= 0 || height <= 0 {
		return Header{}, failure(Corrupt, "HEIC: the primary image has no size")
	}
	if file.truncated() {
		return Header{}, failure(Corrupt, "HEIC: truncated: an image's bytes lie beyond the end of the file")
	}
	header := Header{Type: HEIC, Width: width, Height: height, Frames: 1, orientation: 1, iso: file}
	header.largest = max(largest, file.codedArea())
	found := file.colour()
	header.profile, header.fallback = found.icc != nil, file.fallbackProfile()
	return header, nil
}

// truncated says whether the file ends before the bytes of an item do, or its items claim more bytes than it has.
func (f *isoFile) truncated() bool {
	claimed := uint64(0)
	for _, extents := range f.extents {
		for _, e := range extents {
			if !e.inIdat && (e.offset > uint64(len(f.data)) || e.length > uint64(len(f.data))-e.offset) {
				return true
			}
			claimed += min(e.length, uint64(len(f.data)))
		}
	}
	// Items may share bytes, but not so many that reading each takes long.
	return claimed > 4*uint64(len(f.data))
}

// pixels are 8-bit and interleaved, bands to a pixel: 3 for RGB, 4 with straight alpha.
type pixels struct {
	data                 []byte
	width, height, bands int
	orientation          int // EXIF's, 1 to 8, that they are still to be turned by
}

// decodeHEIC decodes with libheif and libde265 in WebAssembly: libvips' prebuilt leaves HEVC out for its patents. The
// pixels come in the original's colour space, and by the container's own rotation upright or with an orientation. The
// decoder's memory goes with it.
func decodeHEIC(data []byte, file *isoFile) (pixels, error) {
	if grid, ok := file.grid(); ok {
		// What is wrong with a file, the decoder says of the whole.
		if decoded, err := grid.decode(); err == nil {
			return decoded, nil
		}
	}
	return decodeWholeHEIC(data, file)
}

func decodeWholeHEIC(data []byte, file *isoFile) (decoded pixels, err error) {
	defer recovered(&err)
	picture, err := heicPicture(data)
	if err != nil {
		return pixels{}, err
	}
	bounds := picture.Bounds()
	decoded = pixels{width: bounds.Dx(), height: bounds.Dy(), bands: 3, orientation: 1}
	switch p := picture.(type) {
	case *image.YCbCr:
		decoded.data = make([]byte, decoded.width*decoded.height*3)
		if len(p.Y) > p.YStride+spoilt {
			copy(p.Y, p.Y[p.YStride:][:min(spoilt, decoded.width)])
		}
		fromYCbCr(p, file.colour(), false, decoded.data, decoded.width)
	case *image.Gray:
		decoded.data = fromGray(p)
	case *image.NRGBA:
		decoded.bands, decoded.data = 4, rows(p.Pix, p.Stride, decoded.width*4, decoded.height)
	case *image.RGBA:
		// Whether the original says premultiplied or not, its alpha is dropped when nothing shows through.
		decoded.bands, decoded.data = 4, rows(p.Pix, p.Stride, decoded.width*4, decoded.height)
	default:
		return pixels{}, fmt.Errorf("HEIC: pixels of type %T", picture)
	}
	return decoded, nil
}

// recovered makes an error of a panic in the decoder.
func recovered(err *error) {
	if broken := recover(); broken != nil {
		*err = fmt.Errorf("HEIC: the decoder gave up: %v", broken)
	}
}

func heicPicture(data []byte) (image.Image, error) {
	picture, err := heic.Decode(io.MultiReader(bytes.NewReader(heicBrand(data[:12])), bytes.NewReader(data[12:])))
	if err != nil {
		return nil, fmt.Errorf("HEIC: %w", err)
	}
	return picture, nil
}

// heicBrand is a file's first 12 bytes with the brand that the decoder insists on: it refuses files that lead with a
// general brand (mif1, msf1) and name heic among the compatible ones only.
func heicBrand(head []byte) []byte {
	return append(append([]byte(nil), head[:8]...), "heic"...)
}

func rows(from []byte, stride, length, height int) []byte {
	tight := make([]byte, 0, length*height)
	for y := range height {
		tight = append(tight, from[y*stride:y*stride+length]...)
	}
	return tight
}

func fromGray(p *image.Gray) []byte {
	width, height := p.Rect.Dx(), p.Rect.Dy()
	rgb := make([]byte, 0, width*height*3)
	for y := range height {
		for _, v := range p.Pix[y*p.Stride : y*p.Stride+width] {
			rgb = append(rgb, v, v, v)
		}
	}
	return rgb
}
