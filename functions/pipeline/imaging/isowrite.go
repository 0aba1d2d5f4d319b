package imaging

import (
	"encoding/binary"
	"slices"
)

// isoWriter makes a container of the items that are added, the first of which is the primary one and is made of all the
// others. Their ids are 1, 2 and so on.
type isoWriter struct {
	properties []isoBox
	items      []isoItem
}

type isoItem struct {
	kind       string
	data       []byte
	properties []int // indexes
}

func (w *isoWriter) add(kind string, data []byte, properties []int) {
	w.items = append(w.items, isoItem{kind, data, properties})
}

// file has the items' bytes last; where they are is counted from the start, so that the boxes before them are made twice.
func (w *isoWriter) file() []byte {
	head := makeBox("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	start := len(head) + len(w.meta(0)) + 8
	file := slices.Concat(head, w.meta(start))
	size := 8
	for _, item := range w.items {
		size += len(item.data)
	}
	file = append(binary.BigEndian.AppendUint32(file, uint32(size)), "mdat"...)
	for _, item := range w.items {
		file = append(file, item.data...)
	}
	return file
}

// meta describes items whose bytes begin at start (ISO/IEC 14496-12, 8.11, and 23008-12, 9.3).
func (w *isoWriter) meta(start int) []byte {
	be := binary.BigEndian
	count := be.AppendUint16(nil, uint16(len(w.items)))
	infos, locations := count, append([]byte{0x44, 0}, count...) // offsets and lengths take 4 bytes
	owners := be.AppendUint32(nil, uint32(len(w.items)))
	parts := be.AppendUint16(be.AppendUint16(nil, 1), uint16(len(w.items)-1))
	for i, item := range w.items {
		id := be.AppendUint16(nil, uint16(i+1))
		infos = append(infos, makeFullBox("infe", 2, 0, id, []byte{0, 0}, []byte(item.kind), []byte{0})...)
		locations = append(append(locations, id...), 0, 0, 0, 1)
		locations = be.AppendUint32(be.AppendUint32(locations, uint32(start)), uint32(len(item.data)))
		start += len(item.data)
		owners = append(append(owners, id...), byte(len(item.properties)))
		for _, index := range item.properties {
			owners = be.AppendUint16(owners, uint16(index+1))
		}
		if i > 0 {
			parts = append(parts, id...)
		}
	}
	var properties []byte
	for _, p := range w.properties {
		properties = append(properties, makeBox(p.kind, p.body)...)
	}
	return makeFullBox("meta", 0, 0,
		makeFullBox("hdlr", 0, 0, []byte("\x00\x00\x00\x00pict"), make([]byte, 13)),
		makeFullBox("pitm", 0, 0, []byte{0, 1}),
		makeFullBox("iinf", 0, 0, infos),
		makeFullBox("iref", 0, 0, makeBox("dimg", parts)),
		makeBox("iprp", makeBox("ipco", properties), makeFullBox("ipma", 0, 1, owners)),
		makeFullBox("iloc", 0, 0, locations))
}

func makeBox(kind string, bodies ...[]byte) []byte {
	b := append(make([]byte, 4), kind...)
	for _, body := range bodies {
		b = append(b, body...)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func makeFullBox(kind string, version, flags byte, bodies ...[]byte) []byte {
	return makeBox(kind, append([][]byte{{version, 0, 0, flags}}, bodies...)...)
}
