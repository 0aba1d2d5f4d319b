package imaging

import (
	"encoding/binary"
	"math"
)

// matrixProfile is an ICC profile of three curves and a matrix: ICC.1:2022, 8.3.3, "Three-component matrix-based".
type matrixProfile struct {
	light  [3][256]float64 // of each 8-bit value of red, green and blue: linear, 0 to 1
	column [3][3]float64   // D50 XYZ of full red, green and blue
}

const (
	profileHeader = 128 // bytes
	profileTag    = 12  // bytes of a tag's entry: signature, offset, size
	maxTags       = 200 // real profiles have about 20
)

// readMatrixProfile says false for what is no RGB profile of this kind, or prefers tables to its matrix, or is broken.
func readMatrixProfile(data []byte) (p matrixProfile, ok bool) {
	tags, ok := profileTags(data)
	if !ok || string(data[16:24]) != "RGB XYZ " || tags["A2B0"] != nil || tags["A2B1"] != nil || tags["D2B0"] != nil || tags["D2B1"] != nil {
		return p, false
	}
	for channel, name := range []string{"r", "g", "b"} {
		if p.column[channel], ok = readXYZ(tags[name+"XYZ"]); !ok {
			return p, false
		}
		curve, ok := readCurve(tags[name+"TRC"])
		if !ok {
			return p, false
		}
		for value := range 256 {
			light := curve(float64(value) / 255)
			if math.IsNaN(light) {
				return p, false
			}
			p.light[channel][value] = math.Min(1, math.Max(0, light))
		}
	}
	return p, true
}

func profileTags(data []byte) (map[string][]byte, bool) {
	if len(data) < profileHeader+4 || string(data[36:40]) != "acsp" {
		return nil, false
	}
	count := binary.BigEndian.Uint32(data[profileHeader:])
	if count > maxTags || len(data) < profileHeader+4+int(count)*profileTag {
		return nil, false
	}
	tags := map[string][]byte{}
	for i := range int(count) {
		entry := data[profileHeader+4+i*profileTag:]
		offset, size := uint64(binary.BigEndian.Uint32(entry[4:])), uint64(binary.BigEndian.Uint32(entry[8:]))
		if offset+size > uint64(len(data)) {
			return nil, false
		}
		tags[string(entry[:4])] = data[offset : offset+size]
	}
	return tags, true
}

// fixed reads an s15Fixed16Number.
func fixed(data []byte) float64 {
	return float64(int32(binary.BigEndian.Uint32(data))) / (1 << 16)
}

func readXYZ(tag []byte) (xyz [3]float64, ok bool) {
	if len(tag) < 20 || string(tag[:4]) != "XYZ " {
		return xyz, false
	}
	for i := range xyz {
		xyz[i] = fixed(tag[8+4*i:])
	}
	return xyz, true
}

// readCurve reads a curveType or a parametricCurveType: ICC.1:2022, 10.6 and 10.18.
func readCurve(tag []byte) (func(float64) float64, bool) {
	if len(tag) < 12 {
		return nil, false
	}
	switch string(tag[:4]) {
	case "curv":
		return readTable(tag)
	case "para":
		return readFormula(tag)
	}
	return nil, false
}

func readTable(tag []byte) (func(float64) float64, bool) {
	count := uint64(binary.BigEndian.Uint32(tag[8:]))
	if uint64(len(tag)) < 12+2*count {
		return nil, false
	}
	entry := func(i int) float64 { return float64(binary.BigEndian.Uint16(tag[12+2*i:])) }
	switch count {
	case 0:
		return func(x float64) float64 { return x }, true
	case 1:
		gamma := entry(0) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }, true
	}
	last := int(count) - 1
	return func(x float64) float64 {
		whole, part := math.Modf(x * float64(last))
		i := int(whole)
		if i == last {
			return entry(last) / 65535
		}
		return (entry(i)*(1-part) + entry(i+1)*part) / 65535
	}, true
}

// readFormula reads Y = (aX + b)^g + c from where X reaches d, and Y = eX + f before: the shorter forms lack parameters.
func readFormula(tag []byte) (func(float64) float64, bool) {
	kinds := [][]int{{0}, {0, 1, 2}, {0, 1, 2, 3}, {0, 1, 2, 5, 4}, {0, 1, 2, 5, 4, 3, 6}} // places in g a b c d e f
	kind := int(binary.BigEndian.Uint16(tag[8:]))
	if kind >= len(kinds) || len(tag) < 12+4*len(kinds[kind]) {
		return nil, false
	}
	parameters := [7]float64{1: 1}
	for i, place := range kinds[kind] {
		parameters[place] = fixed(tag[12+4*i:])
	}
	g, a, b, c, d, e, f := parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5], parameters[6]
	switch kind {
	case 0:
		d = math.Inf(-1)
	case 1, 2: // a constant below -b/a
		if a == 0 {
			return nil, false
		}
		d, f = -b/a, c
	}
	return func(x float64) float64 {
		if x < d {
			return e*x + f
		}
		return math.Pow(a*x+b, g) + c
	}, true
}
