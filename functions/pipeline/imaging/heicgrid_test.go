package imaging_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// tiled is an HEIC of four tiles of 512 x 512 pixels, of which 1024 x 768 are shown, turned by its container.
func tiled(t testing.TB) []byte {
	t.Helper()
	return rowOf(t, "phones/iphone.heic").read(t)
}

// body is where a box's body begins.
func body(t testing.TB, data []byte, kind string) int {
	t.Helper()
	at := bytes.Index(data, []byte(kind))
	if at < 0 {
		t.Fatalf("no box %s", kind)
	}
	return at + 4
}

// seen is a picture turned upright.
func seen(s imaging.Stored) picture {
	p := newPicture(s.Width, s.Height)
	for i := range s.Width * s.Height {
		for band, v := range s.RGB[3*i:][:3] {
			p.pix[4*i+band] = float32(v)
		}
		p.pix[4*i+3] = 255
	}
	return upright(p, s.Orientation)
}

// TestGrid: an HEIC is decoded by rows of its tiles to the very pixels that it is decoded to whole, whichever way it is
// turned.
func TestGrid(t *testing.T) {
	compare := func(name string, data []byte) {
		t.Run(name, func(t *testing.T) {
			want, err := imaging.ReadHEIC(data)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{1, 2} {
				onProcessors(n, func() {
					got, ok := imaging.ReadGrid(data)
					if !ok {
						t.Fatal("not decoded by rows of tiles")
					}
					beside(t, got, want)
				})
			}
		})
	}
	compare("48 tiles", read(t, bimgFile(t, "test.heic")))
	for quarters := range byte(4) {
		data := bytes.Clone(tiled(t))
		data[body(t, data, "irot")] = quarters
		compare(fmt.Sprintf("four tiles, %d quarters", quarters), data)
	}
}

// beside wants two ways to decode the same to agree, but for the 24 pixels in the corner that the decoder's library spoils.
func beside(t *testing.T, got, want imaging.Stored) {
	t.Helper()
	one, other := seen(got), seen(want)
	clear(one.pix[:4*24])
	clear(other.pix[:4*24])
	same(t, one, other)
}

// TestGridUpright: what is turned by its container comes out upright, and is cropped where it is seen.
func TestGridUpright(t *testing.T) {
	for quarters := range byte(4) {
		t.Run(fmt.Sprint(quarters), func(t *testing.T) {
			data := bytes.Clone(tiled(t))
			data[body(t, data, "irot")] = quarters
			copy(data[body(t, data, "colr")-4:], "skip") // colours as they are stored
			want, err := imaging.ReadHEIC(data)
			if err != nil {
				t.Fatal(err)
			}
			same(t, pixelsOf(t, data), seen(want))
			p := box(150, 200, preset.Cover)
			p.Gravity = preset.NorthWest
			similarity := ssim(fromPNG(t, once(t, data, p).Data), fromPNG(t, once(t, asPNG(t, toImage(seen(want))), p).Data))
			if similarity < 0.9999 {
				t.Errorf("cropped: SSIM %.5f, want at least 0.9999", similarity)
			}
		})
	}
}

// TestGridWhole: what is more than tiles side by side is decoded whole, and so is what is broken, which then fails as it
// does whole.
func TestGridWhole(t *testing.T) {
	sound := tiled(t)
	be := binary.BigEndian
	gridAt := bytes.Index(sound, []byte{0, 0, 1, 1, 4, 0, 3, 0}) // two rows, two columns, 1024 x 768
	if gridAt < 0 {
		t.Fatal("the grid is not where it was")
	}
	renamed := func(from, to string) func([]byte) {
		return func(data []byte) { copy(data[body(t, data, from)-4:], to) }
	}
	for name, change := range map[string]func(data []byte){
		"mirrored":                  renamed("irot", "imir"),
		"clipped":                   renamed("irot", "clap"),
		"alpha":                     func(data []byte) { copy(data[body(t, data, "pixi")-4:], "auxCalpha") },
		"one more row":              func(data []byte) { data[gridAt+2]++ },
		"one column less":           func(data []byte) { data[gridAt+3]-- },
		"wider than its tiles":      func(data []byte) { be.PutUint16(data[gridAt+4:], 1026) },
		"an odd height":             func(data []byte) { be.PutUint16(data[gridAt+6:], 767) },
		"a tile that is not there":  func(data []byte) { be.PutUint16(data[body(t, data, "dimg")+4:], 77) },
		"a tile that is no picture": func(data []byte) { be.PutUint16(data[body(t, data, "dimg")+4:], 5) },
		"no tiles":                  renamed("dimg", "none"),
		"tiles of no size":          func(data []byte) { be.PutUint32(data[body(t, data, "ispe")+4:], 0) },
		"tiles of another size":     func(data []byte) { be.PutUint32(data[body(t, data, "ispe")+4:], 510) },
		"broken tiles":              func(data []byte) { clear(data[len(data)-20_000:]) },
	} {
		t.Run(name, func(t *testing.T) {
			data := bytes.Clone(sound)
			change(data)
			if _, ok := imaging.ReadGrid(data); ok {
				t.Error("decoded by rows of tiles")
			}
			header, err := imaging.Probe(data, defaultConfig(t).Limits, false)
			if err != nil {
				return
			}
			_, want := imaging.ReadHEIC(data)
			master, err := imaging.Decode(context.Background(), data, header, []preset.Preset{wholeImage()})
			if err == nil {
				master.Close()
			}
			if (err == nil) != (want == nil) {
				t.Fatalf("error %v, want %v", err, want)
			}
		})
	}
}

// TestGridHostile: tables that multiply what is to be read, written or decoded are not taken for a grid.
func TestGridHostile(t *testing.T) {
	be := binary.BigEndian
	sound := tiled(t)
	gridAt := bytes.Index(sound, []byte{0, 0, 1, 1, 4, 0, 3, 0})
	for name, change := range map[string]func(data []byte){
		"a tile in many places": func(data []byte) {
			at := body(t, data, "dimg") + 4
			for i := range 4 {
				copy(data[at+2*i:], data[at:at+2])
			}
		},
		"tiles far larger than what is shown": func(data []byte) {
			copy(data[gridAt+2:], []byte{0, 3}) // a row of four
			be.PutUint16(data[gridAt+4:], 7998)
			be.PutUint16(data[gridAt+6:], 2)
			tile := body(t, data, "ispe")
			be.PutUint32(data[tile+4:], 2000)
			be.PutUint32(data[tile+8:], 50_000)
			shown := tile + 4 + body(t, data[tile:], "ispe")
			be.PutUint32(data[shown:], 7998)
			be.PutUint32(data[shown+4:], 2)
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := bytes.Clone(sound)
			change(data)
			if bands := imaging.Bands(data); bands != nil {
				t.Errorf("%d bands, want none", len(bands))
			}
		})
	}
}
