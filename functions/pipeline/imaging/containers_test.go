package imaging_test

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// chunk is a JPEG segment, a PNG or WebP chunk, or an ISO box.
type chunk struct {
	kind string // "ffe1", "IHDR", "VP8X", "meta"
	body []byte
}

// chunks takes an image file apart, independently of what wrote it.
func chunks(t testing.TB, data []byte) []chunk {
	t.Helper()
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return segments(t, data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return pngChunks(t, data[8:])
	case bytes.HasPrefix(data, []byte("RIFF")):
		return riffChunks(t, data[12:])
	}
	return isoBoxes(t, data)
}

// segments are a JPEG's, up to the first scan.
func segments(t testing.TB, data []byte) []chunk {
	t.Helper()
	var found []chunk
	for at := 2; at+4 <= len(data); {
		size := int(binary.BigEndian.Uint16(data[at+2:])) + 2
		if data[at] != 0xff || at+size > len(data) {
			t.Fatalf("no JPEG segment at %d", at)
		}
		found = append(found, chunk{hex(data[at : at+2]), data[at+4 : at+size]})
		if data[at+1] == 0xda {
			break
		}
		at += size
	}
	return found
}

func hex(b []byte) string {
	const digits = "0123456789abcdef"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func pngChunks(t testing.TB, rest []byte) []chunk {
	t.Helper()
	var found []chunk
	for len(rest) >= 12 {
		size := int(binary.BigEndian.Uint32(rest))
		found = append(found, chunk{string(rest[4:8]), rest[8 : 8+size]})
		rest = rest[12+size:]
	}
	return found
}

func riffChunks(t testing.TB, rest []byte) []chunk {
	t.Helper()
	var found []chunk
	for len(rest) >= 8 {
		size := int(binary.LittleEndian.Uint32(rest[4:]))
		found = append(found, chunk{string(rest[:4]), rest[8 : 8+size]})
		rest = rest[8+size+size&1:]
	}
	return found
}

// isoBoxes are an AVIF's boxes and those within meta, iinf, iprp and ipco, all in one row.
func isoBoxes(t testing.TB, rest []byte) []chunk {
	t.Helper()
	var found []chunk
	for len(rest) >= 8 {
		size := int(binary.BigEndian.Uint32(rest))
		if size < 8 || size > len(rest) {
			t.Fatalf("no box at %q", rest[:8])
		}
		box := chunk{string(rest[4:8]), rest[8:size]}
		found = append(found, box)
		switch box.kind {
		case "meta":
			found = append(found, isoBoxes(t, box.body[4:])...)
		case "iinf":
			found = append(found, isoBoxes(t, box.body[6:])...)
		case "iprp", "ipco":
			found = append(found, isoBoxes(t, box.body)...)
		}
		rest = rest[size:]
	}
	return found
}

func find(found []chunk, kind string) [][]byte {
	var bodies [][]byte
	for _, c := range found {
		if c.kind == kind {
			bodies = append(bodies, c.body)
		}
	}
	return bodies
}
