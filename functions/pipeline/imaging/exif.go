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

// credits reads Artist and Copyright from an EXIF block. libvips does it for what it loads itself; HEIC it does not.
func credits(exif []byte) (artist, copyright string) {
	tiff := bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(tiff, []byte("II*\x00")):
		return "", ""
	}
	if len(tiff) < 8 {
		return "", ""
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return "", ""
	}
	count := uint64(order.Uint16(tiff[start:]))
	for i := range count {
		at := start + 2 + 12*i
		if at+12 > uint64(len(tiff)) {
			break
		}
		entry := tiff[at : at+12]
		switch order.Uint16(entry) {
		case tagArtist:
			artist = exifString(tiff, entry, order)
		case tagCopyright:
			copyright = exifString(tiff, entry, order)
		}
	}
	return artist, copyright
}

// exifString is an ASCII entry's text: within the entry up to 4 bytes, behind its offset above.
func exifString(tiff, entry []byte, order binary.ByteOrder) string {
	const ascii = 2
	if order.Uint16(entry[2:]) != ascii {
		return ""
	}
	length, text := uint64(order.Uint32(entry[4:])), entry[8:]
	if length > 4 {
		offset := uint64(order.Uint32(entry[8:]))
		if offset > uint64(len(tiff)) || length > uint64(len(tiff))-offset {
			return ""
		}
		text = tiff[offset:]
	}
	return strings.TrimRight(string(text[:length]), "\x00 ")
}
