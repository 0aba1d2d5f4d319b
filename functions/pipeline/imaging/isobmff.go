package imaging

import (
	"encoding/binary"
	"errors"
	"iter"
	"slices"
)

// isoFile is what is needed of an HEIF or AVIF container (ISO/IEC 14496-12 and 23008-12) beside the pixels: decoders
// that give pixels alone drop the colour profile and EXIF, without which colours are wrong and credits are lost.
type isoFile struct {
	data       []byte
	primary    uint32
	types      map[uint32]string   // item id -> type: hvc1, av01, grid, Exif
	extents    map[uint32][]extent // item id -> where its bytes are
	properties []isoBox            // of ipco, in order
	owned      map[uint32][]int    // item id -> indexes into properties
	derived    map[uint32][]uint32 // item id -> the items that it is made of
	idat       []byte
}

type extent struct {
	offset, length uint64
	inIdat         bool
}

type isoBox struct {
	kind string
	body []byte
}

var errISO = errors.New("the container's boxes are broken")

// maxMeta bounds the tables that are read, in bytes, and with them the memory that they take. A phone's panorama of
// hundreds of tiles has some 20 KiB.
const maxMeta = 2 << 20

// boxes gives the boxes that data holds, up to the first that does not fit.
func boxes(data []byte) iter.Seq[isoBox] {
	return func(yield func(isoBox) bool) {
		for len(data) >= 8 {
			size, header := uint64(binary.BigEndian.Uint32(data)), uint64(8)
			switch {
			case size == 1 && len(data) >= 16:
				size, header = binary.BigEndian.Uint64(data[8:]), 16
			case size == 0:
				size = uint64(len(data))
			}
			if size < header || size > uint64(len(data)) || !yield(isoBox{string(data[4:8]), data[header:size]}) {
				return
			}
			data = data[size:]
		}
	}
}

func child(data []byte, kind string) []byte {
	for b := range boxes(data) {
		if b.kind == kind {
			return b.body
		}
	}
	return nil
}

// readISO reads the item tables of the file's meta box. Whatever in them does not fit is an error, never a panic.
func readISO(data []byte) (file *isoFile, err error) {
	meta := child(data, "meta")
	if len(meta) < 4 || len(meta) > maxMeta {
		return nil, errISO
	}
	meta = meta[4:]
	file = &isoFile{
		data: data, idat: child(meta, "idat"),
		types: map[uint32]string{}, extents: map[uint32][]extent{}, owned: map[uint32][]int{},
		derived: map[uint32][]uint32{},
	}
	iprp := child(meta, "iprp")
	file.properties = slices.Collect(boxes(child(iprp, "ipco")))
	readers := []*isoReader{
		{data: child(meta, "pitm")}, {data: child(meta, "iinf")}, {data: child(meta, "iloc")}, {data: child(iprp, "ipma")},
	}
	if references := child(meta, "iref"); references != nil {
		readers = append(readers, &isoReader{data: references})
		file.readReferences(readers[4])
	}
	file.readPrimary(readers[0])
	file.readItems(readers[1])
	file.readLocations(readers[2])
	file.readOwners(readers[3])
	for _, r := range readers {
		if r.short {
			return nil, errISO
		}
	}
	return file, nil
}

// isoReader takes big-endian numbers off a box; reading past its end gives zeros and says so in short.
type isoReader struct {
	data  []byte
	short bool
}

func (r *isoReader) take(n int) []byte {
	if n > len(r.data) {
		r.short, r.data = true, nil
		return make([]byte, n)
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}

// number takes an unsigned number of 0 to 8 bytes.
func (r *isoReader) number(bytes int) uint64 {
	var n uint64
	for _, b := range r.take(bytes) {
		n = n<<8 | uint64(b)
	}
	return n
}

// version takes a full box's version and flags.
func (r *isoReader) version() (version, flags uint64) {
	return r.number(1), r.number(3)
}

// id takes an item id, of 2 bytes or, in later versions of the box, of 4.
func (r *isoReader) id(wide bool) uint32 {
	if wide {
		return uint32(r.number(4))
	}
	return uint32(r.number(2))
}

func (f *isoFile) readPrimary(r *isoReader) {
	version, _ := r.version()
	f.primary = r.id(version > 0)
}

func (f *isoFile) readItems(r *isoReader) {
	version, _ := r.version()
	if version == 0 {
		r.number(2)
	} else {
		r.number(4)
	}
	for entry := range boxes(r.data) {
		e := &isoReader{data: entry.body}
		version, _ := e.version()
		if entry.kind != "infe" || version < 2 {
			continue
		}
		id := e.id(version > 2)
		e.number(2) // protection
		if kind := string(e.take(4)); !e.short {
			f.types[id] = kind
		}
	}
}

func (f *isoFile) readLocations(r *isoReader) {
	version, _ := r.version()
	sizes := r.number(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		indexSize = 0 // reserved
	}
	if indexSize+offsetSize+lengthSize == 0 {
		r.short = true // extents that take no bytes of the table could be any number
	}
	count := int(r.id(version > 1))
	for i := 0; i < count && !r.short; i++ {
		id, method := r.id(version > 1), uint64(0)
		if version > 0 {
			method = r.number(2) & 15
		}
		r.number(2) // data reference
		base := r.number(baseSize)
		for n := r.number(2); n > 0 && !r.short; n-- {
			r.number(indexSize)
			offset, length := r.number(offsetSize), r.number(lengthSize)
			f.extents[id] = append(f.extents[id], extent{base + offset, length, method == 1})
		}
	}
}

func (f *isoFile) readOwners(r *isoReader) {
	version, flags := r.version()
	for n := r.number(4); n > 0 && !r.short; n-- {
		id := r.id(version > 0)
		for k := r.number(1); k > 0 && !r.short; k-- {
			index := int(r.number(1) & 0x7f)
			if flags&1 != 0 {
				index = index<<8 | int(r.number(1))
			}
			if index > 0 && index <= len(f.properties) {
				f.owned[id] = append(f.owned[id], index-1)
			}
		}
	}
}

func (f *isoFile) readReferences(r *isoReader) {
	version, _ := r.version()
	for entry := range boxes(r.data) {
		if entry.kind != "dimg" {
			continue
		}
		e := &isoReader{data: entry.body}
		id := e.id(version > 0)
		for n := e.number(2); n > 0 && !e.short; n-- {
			f.derived[id] = append(f.derived[id], e.id(version > 0))
		}
	}
}
