package imaging_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// speckle is noise, the same each time.
func speckle(x, y int) color.NRGBA {
	h := uint32(x)*374761393 + uint32(y)*668265263
	h = (h ^ h>>13) * 1274126177
	h ^= h >> 16
	return color.NRGBA{uint8(h), uint8(h >> 8), uint8(h >> 16), uint8(h >> 24)}
}

// slope has some of every frequency, and is in no way symmetric.
func slope(x, y int) color.NRGBA {
	c := speckle(x, y)
	return color.NRGBA{uint8(2*x + int(c.R)/8), uint8(x*y/40 + int(c.G)/4), uint8(3*y/2 + int(c.B)/4), 255}
}

// blot is round, off the centre, and fades towards the right.
func blot(x, y int) color.NRGBA {
	if math.Hypot(float64(x)-30, float64(y)-44) > 25 {
		return color.NRGBA{0, 255, 0, 0}
	}
	c := slope(x, y)
	c.A = uint8(255 - 4*x)
	return c
}

// halved is red on the left of column x, blue from there on.
func halved(at int) func(x, y int) color.NRGBA {
	return func(x, _ int) color.NRGBA {
		if x < at {
			return color.NRGBA{220, 0, 0, 255}
		}
		return color.NRGBA{0, 0, 220, 255}
	}
}

// hashes are what the npm package thumbhash 0.1.1, the format's first implementation, makes of these pixels (Node.js
// 20).
//
// Where a picture lacks a frequency, that leaves to the rounding of its cosines whether it writes 7 or 8, and what a
// channel that does not vary is made of. Here it is 8, and nothing; the rows in which that happens say so.
var hashes = []struct {
	name          string
	width, height int
	at            func(x, y int) color.NRGBA
	lacks         bool
	want          string
}{
	{"wide", 100, 75, slope, false, "57480a3d8a7077778288878778787877809b08e875"},
	{"tall", 61, 100, slope, false, "d5060a3408710779788887887788819f38f884"},
	{"square", 100, 100, slope, false, "da270e470c7077778178788787778777787707c779825f08"},
	{"small", 8, 5, slope, false, "c7f7010c828040985575446263b3329f3756f8"},
	{"speckle", 16, 12, speckle, false, "5e08820c82070c6866b73ccb35a06a36af327e9f7293bd7d02"},
	{"blot", 90, 80, blot, false, "d2068204801204c563aacacc39c05b04acf636558608839907"},
	{"blot-tall", 55, 99, blot, false, "d20682030023707469eda9807c0ab7a648668977705a97"},
	{"strip-wide", 100, 3, slope, false, "4fa90a2994807677878788878087078778"},
	{"strip-tall", 4, 100, slope, false, "8de505410077708787877887878f67cf24"},
	{"line-wide", 100, 1, slope, false, "0fa91e51aa767777888808898488408808"},
	{"line-tall", 1, 100, slope, true, "4ce519a10608868978878887f78a788f68"},
	{"one", 1, 1, solid(200, 30, 90, 255), true, "da5837375408f708888788708f7088f80888808008088800"},
	{"one-translucent", 1, 1, solid(200, 30, 90, 128), true, "da58b735548808f78887707ff8088880800808f78887707ff8"},
	{"one-clear", 1, 1, solid(200, 30, 90, 0), false, "00088205000000000000000000000000000000000000000000"},
	{"two", 2, 1, func(x, _ int) color.NRGBA { return color.NRGBA{uint8(255 * x), 40, 200, 255} }, true, "5ea43eecac76098988888790688785870f8707"},
	{"white", 32, 32, solid(255, 255, 255, 255), true, "3f080207007778888878888288f88877788b070000000000"},
	{"black", 32, 32, solid(0, 0, 0, 255), false, "000802070000000000000000000000000000000000000000"},
	{"grey", 100, 67, solid(119, 119, 119, 255), true, "1d080205808787887887877f787877880000000000"},
	{"red", 50, 100, solid(230, 10, 20, 255), true, "15bb03040097778787877fc778b7f87577a8f9"},
	{"teal-translucent", 50, 40, solid(0, 128, 120, 100), true, "540681048006c2f386887777876097888f8e6988778787780f"},
	{"clear", 20, 20, solid(9, 8, 7, 0), false, "00088205000000000000000000000000000000000000000000"},
	{"halves", 100, 50, halved(50), true, "52d602d4a297bab98778877f778d7f87f88888"},
}

// TestThumbHash holds hashes, bit for bit, against the format's first implementation.
func TestThumbHash(t *testing.T) {
	for _, h := range hashes {
		t.Run(h.name, func(t *testing.T) {
			got := imaging.ThumbHash(h.width, h.height, synthetic(h.width, h.height, h.at).Pix)
			if !h.lacks {
				if hex(got) != h.want {
					t.Errorf("%x, want %s", got, h.want)
				}
				return
			}
			var want []byte
			if _, err := fmt.Sscanf(h.want, "%x", &want); err != nil || len(want) != len(got) {
				t.Fatalf("%x, want %s", got, h.want)
			}
			ours, theirs := parseThumb(got), parseThumb(want)
			settle(ours, theirs)
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// settle takes over into theirs what rounding alone has decided there: a 7 that should be 8, and all of a channel that
// does not vary.
func settle(ours, theirs thumb) {
	for k, varying := range theirs.Varying {
		for i, v := range varying {
			if theirs.Scale[k] == 0 || (v == 7 && ours.Varying[k][i] == 8) {
				varying[i] = ours.Varying[k][i]
			}
		}
	}
}
