package imaging

import (
	"bytes"
	"encoding/binary"
	"math"
)

// codedArea is the largest picture, in pixels, that the file's HEVC parameter sets announce. The decoder makes room for
// it before it holds it against the container's size: a few KB that lie about theirs would take gigabytes.
func (f *isoFile) codedArea() int64 {
	largest := int64(0)
	see := func(unit []byte) { largest = max(largest, areaOfUnit(unit)) }
	for _, p := range f.properties {
		if p.kind == "hvcC" {
			parameterSets(p.body, see)
		}
	}
	for id, kind := range f.types {
		if kind == "hvc1" || kind == "hev1" {
			prefixed(f.whole(id), f.lengthSize(id), see)
		}
	}
	return largest
}

// parameterSets gives the units of a decoder configuration record (ISO/IEC 14496-15, 8.3.3.1).
func parameterSets(record []byte, see func([]byte)) {
	r := &isoReader{data: record}
	r.take(22)
	for arrays := r.number(1); arrays > 0 && !r.short; arrays-- {
		r.number(1)
		for units := r.number(2); units > 0 && !r.short; units-- {
			see(r.take(int(r.number(2))))
		}
	}
}

// prefixed gives the units of an item, each behind its length.
func prefixed(item []byte, lengthSize int, see func([]byte)) {
	for len(item) > lengthSize {
		var wide [8]byte
		copy(wide[8-lengthSize:], item)
		length := binary.BigEndian.Uint64(wide[:])
		item = item[lengthSize:]
		length = min(length, uint64(len(item)))
		see(item[:length])
		item = item[length:]
	}
}

// lengthSize is how many bytes a unit's length takes in an item: 1 to 4.
func (f *isoFile) lengthSize(id uint32) int {
	for _, index := range f.owned[id] {
		if p := f.properties[index]; p.kind == "hvcC" && len(p.body) > 21 {
			return int(p.body[21]&3) + 1
		}
	}
	return 4
}

// areaOfUnit reads the size from a sequence parameter set (ITU-T H.265, 7.3.2.2); 0 for every other unit. One that ends
// too early is as large as can be.
func areaOfUnit(unit []byte) int64 {
	const sequenceParameterSet = 33
	if len(unit) < 2 || unit[0]>>1&0x3f != sequenceParameterSet {
		return 0
	}
	// The size is near the start; every third byte of two zeros and a three is only there to keep start codes out.
	r := &bitReader{data: bytes.ReplaceAll(unit[2:min(len(unit), 512)], []byte{0, 0, 3}, []byte{0, 0})}
	r.bits(4)
	layers := int(r.bits(3))
	r.bits(1 + 96) // up to the general level
	flags := make([]uint64, layers)
	for i := range flags {
		flags[i] = r.bits(2)
	}
	if layers > 0 {
		r.bits(2 * (8 - layers))
	}
	for _, flag := range flags {
		r.bits(int(flag>>1)*88 + int(flag&1)*8)
	}
	r.exponential() // id
	if r.exponential() == 3 {
		r.bits(1)
	}
	width, height := r.exponential(), r.exponential()
	if r.short || width > math.MaxInt32 || height > math.MaxInt32 {
		return math.MaxInt64
	}
	return area(int(width), int(height))
}

// bitReader takes bits off bytes; past the end it gives zeros and says so in short.
type bitReader struct {
	data  []byte
	at    int
	short bool
}

// bits takes n bits and gives the last 64 of them as a number.
func (r *bitReader) bits(n int) uint64 {
	var value uint64
	for range n {
		bit := byte(0)
		if r.at/8 < len(r.data) {
			bit = r.data[r.at/8] >> (7 - r.at%8) & 1
		} else {
			r.short = true
		}
		value, r.at = value<<1|uint64(bit), r.at+1
	}
	return value
}

// exponential takes an unsigned number in Exp-Golomb code (H.265, 9.2).
func (r *bitReader) exponential() uint64 {
	zeros := 0
	for r.bits(1) == 0 {
		if zeros++; zeros > 32 || r.short {
			r.short = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.bits(zeros)
}
