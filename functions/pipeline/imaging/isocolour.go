package imaging

import (
	"encoding/binary"
	"maps"
	"slices"
)

// codec is the primary item's coding; of a grid, that of its tiles.
func (f *isoFile) codec() string {
	kind := f.types[f.primary]
	if kind != "grid" && kind != "iden" && kind != "iovl" {
		return kind
	}
	for _, id := range f.ids() {
		if tile := f.types[id]; tile == "av01" || tile == "hvc1" {
			return tile
		}
	}
	return kind
}

// ids are the items' in order, so that the same bytes always give the same picture.
func (f *isoFile) ids() []uint32 { return slices.Sorted(maps.Keys(f.types)) }

// size is the primary image's in pixels, upright, and the largest of any image in the file: a decoder makes room for
// what it decodes on the way.
func (f *isoFile) size() (width, height int, largest int64) {
	for _, p := range f.properties {
		if w, h, ok := extentOf(p); ok {
			largest = max(largest, area(int(w), int(h)))
		}
	}
	width, height = f.sizeOf(f.primary)
	for _, index := range f.owned[f.primary] {
		if p := f.properties[index]; p.kind == "irot" && len(p.body) > 0 && p.body[0]&1 == 1 {
			return height, width, largest
		}
	}
	return width, height, largest
}

// sizeOf is an item's in pixels, before it is turned; 0 where it says none.
func (f *isoFile) sizeOf(id uint32) (width, height int) {
	for _, index := range f.owned[id] {
		if w, h, ok := extentOf(f.properties[index]); ok {
			width, height = int(w), int(h)
		}
	}
	return width, height
}

func extentOf(p isoBox) (width, height uint32, ok bool) {
	if p.kind != "ispe" || len(p.body) < 12 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint32(p.body[4:]), binary.BigEndian.Uint32(p.body[8:]), true
}

// colour is what the primary item's colr boxes say: an ICC profile, or the code points of ITU-T H.273.
type colour struct {
	icc       []byte
	primaries uint16
	matrix    uint16
	limited   bool // luma 16 to 235 instead of 0 to 255
}

func (f *isoFile) colour() colour {
	found := colour{matrix: 6}
	for _, index := range f.owned[f.primary] {
		p := f.properties[index]
		if p.kind != "colr" || len(p.body) < 4 {
			continue
		}
		switch body := p.body[4:]; string(p.body[:4]) {
		case "prof", "rICC":
			found.icc = body
		case "nclx":
			if len(body) >= 7 {
				found.primaries = binary.BigEndian.Uint16(body)
				found.matrix = binary.BigEndian.Uint16(body[4:])
				found.limited = body[6]&0x80 == 0
			}
		}
	}
	return found
}

// fallbackProfile names libvips' own profile for primaries that a container states without embedding a profile:
// 12 is Display P3 (SMPTE EG 432-1, in H.273's table of colour primaries).
func (f *isoFile) fallbackProfile() string {
	if found := f.colour(); found.icc == nil && found.primaries == 12 {
		return "p3"
	}
	return ""
}

// exif is the file's EXIF block as JPEG has it, beginning with "Exif\0\0", or nil. The item starts with the offset of
// the TIFF header behind it (ISO/IEC 23008-12, A.2.1).
func (f *isoFile) exif() []byte {
	for _, id := range f.ids() {
		if f.types[id] != "Exif" {
			continue
		}
		item := f.item(id)
		if len(item) < 4 {
			continue
		}
		skip := uint64(binary.BigEndian.Uint32(item)) + 4
		if skip < uint64(len(item)) {
			return append([]byte("Exif\x00\x00"), item[skip:]...)
		}
	}
	return nil
}

// maxItem bounds the metadata items that are read whole, in bytes; EXIF in JPEG has at most 64 KiB.
const maxItem = 1 << 20

func (f *isoFile) item(id uint32) []byte {
	if whole := f.whole(id); len(whole) <= maxItem {
		return whole
	}
	return nil
}

// whole is all of an item's bytes, or nil when some of them lie outside the file.
func (f *isoFile) whole(id uint32) []byte {
	var whole []byte
	for i, e := range f.extents[id] {
		from := f.data
		if e.inIdat {
			from = f.idat
		}
		if e.offset > uint64(len(from)) || e.length > uint64(len(from))-e.offset || len(whole) > len(f.data) {
			return nil
		}
		part := from[e.offset : e.offset+e.length]
		if i == 0 {
			whole = slices.Clip(part) // not copied, as long as it is the only one
		} else {
			whole = append(whole, part...)
		}
	}
	return whole
}
