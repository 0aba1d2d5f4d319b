package imaging

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// The EXIF tags of IFD0 that say whose picture it is (EXIF 2.32, 4.6.4).
const (
	tagArtist    = 0x013b
	tagCopyright = 0x8298
)

// exifBlock is an EXIF block's first directory.
type exifBlock struct {
	tiff       []byte
	order      binary.ByteOrder
	start, end uint64 // of IFD0's entries, in tiff
}

// readEXIF finds IFD0, in as much of the block as there is; false when there is none.
func readEXIF(exif []byte) (exifBlock, bool) {
	b := exifBlock{tiff: bytes.TrimPrefix(exif, []byte("Exif\x00\x00")), order: binary.LittleEndian}
	switch {
	case bytes.HasPrefix(b.tiff, []byte("MM\x00*")):
		b.order = binary.BigEndian
	case !bytes.HasPrefix(b.tiff, []byte("II*\x00")):
		return b, false
	}
	if len(b.tiff) < 8 {
		return b, false
	}
	b.start = uint64(b.order.Uint32(b.tiff[4:])) + 2
	if b.start > uint64(len(b.tiff)) {
		return b, false
	}
	b.end = b.start + 12*uint64(b.order.Uint16(b.tiff[b.start-2:]))
	return b, true
}

// credits reads Artist and Copyright. libvips' own reading of them loses what stands in brackets, as the "(c)" of so
// many.
func (b exifBlock) credits() (artist, copyright string) {
	for at := b.start; at+12 <= min(b.end, uint64(len(b.tiff))); at += 12 {
		entry := b.tiff[at : at+12]
		switch b.order.Uint16(entry) {
		case tagArtist:
			artist = b.text(entry)
		case tagCopyright:
			copyright = b.text(entry)
		}
	}
	return artist, copyright
}

// cutThumbnail unlinks IFD1, whose thumbnail shows the original as it was, not the variant; false when there is none.
func (b exifBlock) cutThumbnail() bool {
	if b.end+4 > uint64(len(b.tiff)) || b.order.Uint32(b.tiff[b.end:]) == 0 {
		return false
	}
	b.order.PutUint32(b.tiff[b.end:], 0)
	return true
}

// text is an ASCII entry's: within the entry up to 4 bytes, behind its offset above.
func (b exifBlock) text(entry []byte) string {
	const ascii = 2
	if b.order.Uint16(entry[2:]) != ascii {
		return ""
	}
	length, text := uint64(b.order.Uint32(entry[4:])), entry[8:]
	if length > 4 {
		offset := uint64(b.order.Uint32(entry[8:]))
		if offset > uint64(len(b.tiff)) || length > uint64(len(b.tiff))-offset {
			return ""
		}
		text = b.tiff[offset:]
	}
	// A copyright may be two, the photographer's and the editor's, with a zero between them.
	return strings.TrimSpace(strings.ReplaceAll(strings.TrimRight(string(text[:length]), "\x00"), "\x00", " "))
}
