package imaging

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// heicGrid is a picture that is stored as tiles of one size, row by row, as phones do: 48 of 512 x 512 pixels for 12
// megapixels. Rows of tiles are decoded as pictures of their own, several at a time where there are processors: on two of
// them an iPhone's photo takes 0.5 to 0.6 of the time. The decoder holds what it decodes some three times over: 140 MiB in
// all on one processor, where it takes 345 for the whole photo at once.
type heicGrid struct {
	file          *isoFile
	rows, columns int
	width, height int // pixels, before it is turned
	tileWidth     int // pixels
	tileHeight    int // pixels
	tiles         []uint32
	orientation   int // as EXIF has it: 1, 3, 6 or 8
}

// bandArea is how many pixels are decoded together, or those of one row of tiles where that is more. Of an iPhone's, a row
// has 2 million; two rows together took 1 to 2 % less CPU and a third more memory.
const bandArea = 4_000_000

// grid finds the tiles of the primary image; false where there are none, or more is to be done with them than to put them
// side by side and turn the whole.
func (f *isoFile) grid() (heicGrid, bool) {
	if f.types[f.primary] != "grid" || f.hasAlpha() {
		return heicGrid{}, false
	}
	r := &isoReader{data: f.whole(f.primary)}
	_, flags := r.number(1), r.number(1)
	g := heicGrid{file: f, rows: int(r.number(1)) + 1, columns: int(r.number(1)) + 1, orientation: 1}
	size := 2 + 2*int(flags&1)
	g.width, g.height = int(r.number(size)), int(r.number(size))
	g.tiles = f.derived[f.primary]
	return g, !r.short && g.modest() && g.turn() && g.sound()
}

// hasAlpha says whether some image of the file is another's alpha: of auxiliary images (ISO/IEC 23008-12, 6.5.8), depth
// and gain maps do not tell.
func (f *isoFile) hasAlpha() bool {
	return slices.ContainsFunc(f.properties, func(p isoBox) bool {
		return p.kind == "auxC" && (bytes.Contains(p.body, []byte("alpha")) || bytes.Contains(p.body, []byte("auxid:1")))
	})
}

// modest says whether the tables are of a size that real files have, so that writing them anew takes no more than the file
// does: each tile in one place, and no more properties than a few for each.
func (g *heicGrid) modest() bool {
	const most = 4096 // properties of all items together; 255 of one are what can be written
	if distinct := slices.Compact(slices.Sorted(slices.Values(g.tiles))); len(distinct) != len(g.tiles) {
		return false
	}
	tables := append([]uint32{g.file.primary}, g.tiles...)
	return len(g.file.properties) <= most &&
		!slices.ContainsFunc(tables, func(id uint32) bool { return len(g.file.owned[id]) > 250 })
}

// turn reads the rotation (ISO/IEC 23008-12, 6.5.10: by quarters, anticlockwise); false where anything else changes the
// shape of the picture or of a tile.
func (g *heicGrid) turn() bool {
	for i, p := range g.file.changes(g.file.primary) {
		if p.kind != "irot" || len(p.body) == 0 || i > 0 {
			return false
		}
		g.orientation = [4]int{1, 8, 3, 6}[p.body[0]&3]
	}
	return !slices.ContainsFunc(g.tiles, func(id uint32) bool { return len(g.file.changes(id)) > 0 })
}

// changes are an item's properties that change its shape.
func (f *isoFile) changes(id uint32) []isoBox {
	var changes []isoBox
	for _, index := range f.owned[id] {
		if p := f.properties[index]; p.kind == "irot" || p.kind == "imir" || p.kind == "clap" || p.kind == "iscl" {
			changes = append(changes, p)
		}
	}
	return changes
}

// sound says whether the size is what the container says, and the tiles are there, alike, as many as it takes and no more.
// Where a side is odd, tiles share chroma once they are turned.
func (g *heicGrid) sound() bool {
	width, height := g.file.sizeOf(g.file.primary)
	if g.width != width || g.height != height || g.width%2 != 0 || g.height%2 != 0 || len(g.tiles) != g.rows*g.columns {
		return false
	}
	total := 0
	for _, id := range g.tiles {
		width, height := g.file.sizeOf(id)
		data := g.file.whole(id)
		total += len(data)
		// Tiles may share bytes, but not so many that reading each takes long.
		if g.file.types[id] != "hvc1" || data == nil || total > 4*len(g.file.data) ||
			g.tileWidth != 0 && (width != g.tileWidth || height != g.tileHeight) {
			return false
		}
		g.tileWidth, g.tileHeight = width, height
	}
	coded := g.columns * g.tileWidth * g.rows * g.tileHeight // limits hold for what is shown
	if !covers(g.columns, g.tileWidth, g.width) || !covers(g.rows, g.tileHeight, g.height) ||
		coded > max(2*g.width*g.height, bandArea) {
		return false
	}
	for _, to := range g.bands() {
		if !g.spare(to) {
			return false
		}
	}
	return true
}

// covers says whether so many tiles of an even length come to a length, the last of them at least in part.
func covers(tiles, of, length int) bool {
	return of > 0 && of%2 == 0 && of < 1<<16 && (tiles-1)*of < length && length <= tiles*of
}

// spoilt is how many of the first values of luma are not to be relied on: gen2brain/heic v0.4.5 frees them before it hands
// them out, and what its allocator then writes there, a node of a tree (dlmalloc's malloc_tree_chunk), takes 24 bytes.
const spoilt = 24

// spare says whether the last pixels of the last line of tiles before row `to` are not shown.
func (g *heicGrid) spare(to int) bool {
	return g.columns*g.tileWidth-g.width >= spoilt || to == g.rows && g.rows*g.tileHeight > g.height
}

// bands gives rows of tiles that are decoded together.
func (g *heicGrid) bands() iter.Seq2[int, int] {
	step := max(1, bandArea/(g.columns*g.tileWidth*g.tileHeight))
	return func(yield func(from, to int) bool) {
		for row := 0; row < g.rows && yield(row, min(row+step, g.rows)); row += step {
		}
	}
}

// decode gives the pixels as they are stored.
func (g *heicGrid) decode() (pixels, error) {
	decoded := pixels{
		width: g.width, height: g.height, bands: 3, orientation: g.orientation, data: make([]byte, g.width*g.height*3),
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for from, to := range g.bands() {
		group.Go(func() error { return g.decodeBand(from, to, decoded.data) })
	}
	return decoded, group.Wait()
}

func (g *heicGrid) decodeBand(from, to int, rgb []byte) (err error) {
	defer recovered(&err)
	decoding.enter()
	defer decoding.leave()
	picture, err := heicPicture(g.band(from, to))
	if err != nil {
		return err
	}
	p, ok := picture.(*image.YCbCr)
	if !ok || p.Rect.Dx() != g.columns*g.tileWidth || p.Rect.Dy() != (to-from)*g.tileHeight {
		return fmt.Errorf("rows %d to %d of the tiles came as %T of %v", from, to, picture, picture.Bounds())
	}
	top, bottom := from*g.tileHeight, min(to*g.tileHeight, g.height)
	fromYCbCr(p, g.file.colour(), true, rgb[top*g.width*3:bottom*g.width*3], g.width)
	return nil
}

// band is a file of its own of some rows of tiles, upside down: what is spoilt is a corner that is not shown then.
func (g *heicGrid) band(from, to int) []byte {
	var w isoWriter
	w.properties = append(append(w.properties, g.file.properties...),
		sizeBox(g.columns*g.tileWidth, (to-from)*g.tileHeight), isoBox{"irot", []byte{2}})
	last := len(w.properties) - 1
	w.add("grid", gridItem(to-from, g.columns, g.columns*g.tileWidth, (to-from)*g.tileHeight), append(g.shown(), last-1, last))
	for _, id := range g.tiles[from*g.columns : to*g.columns] {
		w.add("hvc1", g.file.whole(id), g.file.owned[id])
	}
	return w.file()
}

// shown are the properties of the whole that its parts have, too, by which the decoder may choose how it gives pixels.
func (g *heicGrid) shown() []int {
	var shown []int
	for _, index := range g.file.owned[g.file.primary] {
		if kind := g.file.properties[index].kind; kind == "colr" || kind == "pixi" {
			shown = append(shown, index)
		}
	}
	return shown
}

// sizeBox says how large an item is (ISO/IEC 23008-12, 6.5.3).
func sizeBox(width, height int) isoBox {
	body := binary.BigEndian.AppendUint32(make([]byte, 4), uint32(width))
	return isoBox{"ispe", binary.BigEndian.AppendUint32(body, uint32(height))}
}

// gridItem says how tiles are put together (ISO/IEC 23008-12, 6.6.2.3.2), with sizes of 32 bits.
func gridItem(rows, columns, width, height int) []byte {
	body := []byte{0, 1, byte(rows - 1), byte(columns - 1)}
	body = binary.BigEndian.AppendUint32(body, uint32(width))
	return binary.BigEndian.AppendUint32(body, uint32(height))
}
