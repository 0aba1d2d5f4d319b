package imaging_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// rounding is how far a byte may be from the number that it stands for: half, and what single precision loses.
const rounding = 0.5 + 0.02

// noise has any value anywhere, the same at every run; alpha says whether that is so of alpha, too.
func noise(alpha bool) func(x, y int) color.NRGBA {
	random := rand.New(rand.NewPCG(7, 11))
	return func(int, int) color.NRGBA {
		v := random.Uint32()
		c := color.NRGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
		if alpha {
			c.A = uint8(v >> 24)
		}
		return c
	}
}

// harsh is black and white at random: nothing overshoots more.
func harsh(alpha bool) func(x, y int) color.NRGBA {
	at := noise(alpha)
	side := func(v uint8) uint8 { return v >> 7 * 255 }
	return func(x, y int) color.NRGBA {
		c := at(x, y)
		return color.NRGBA{side(c.R), side(c.G), side(c.B), side(c.A)}
	}
}

// zonePlate is rings that get finer up to what pixels can show.
func zonePlate(x, y int) color.NRGBA {
	r := float64(x*x + y*y)
	wave := func(finer float64) uint8 { return uint8(127.5 + 127.5*math.Cos(r*finer)) }
	return color.NRGBA{wave(0.004), wave(0.008), wave(0.012), 255}
}

func gradient(x, y int) color.NRGBA {
	return color.NRGBA{uint8(x), uint8(y), uint8(x + y), 255 - uint8(x*y/64)}
}

// planes are a picture's premultiplied bytes and its alpha, each as an opaque picture: what a reduction works on.
func planes(img image.Image) (colour, alpha picture) {
	straight := fromImage(img)
	colour, alpha = newPicture(straight.width, straight.height), newPicture(straight.width, straight.height)
	for i := 0; i < len(straight.pix); i += 4 {
		a := straight.pix[i+3]
		for k := range 3 {
			colour.pix[i+k] = float32(math.Round(float64(straight.pix[i+k]*a) / 255))
			alpha.pix[i+k] = a
		}
		colour.pix[i+3], alpha.pix[i+3] = 255, 255
	}
	return colour, alpha
}

// reference is a picture's full-precision reduction, premultiplied as planes are, and the crop of it that a plan says.
func reference(img image.Image, g imaging.Geometry) (colour, alpha picture) {
	colour, alpha = planes(img)
	colour, alpha = colour.lanczos(g.Width, g.Height), alpha.lanczos(g.Width, g.Height)
	if c := g.Crop; c.Width > 0 {
		colour, alpha = colour.crop(c.Left, c.Top, c.Width, c.Height), alpha.crop(c.Left, c.Top, c.Width, c.Height)
	}
	// No colour is brighter than its alpha, though a reduction may overshoot.
	for i := range colour.pix {
		colour.pix[i] = min(colour.pix[i], alpha.pix[i])
	}
	return colour, alpha
}

// reduced fails unless every byte of variants of a preset is the reference, rounded.
func reduced(t *testing.T, img image.Image, p preset.Preset, variants ...imaging.Variant) {
	t.Helper()
	g := imaging.Plan(p, img.Bounds().Dx(), img.Bounds().Dy())
	wantColour, wantAlpha := reference(img, g)
	// What stands below a rounded alpha may be cut off by it.
	allowed := rounding
	if !img.(interface{ Opaque() bool }).Opaque() {
		allowed += 0.5
	}
	for _, variant := range variants {
		decoded, err := png.Decode(bytes.NewReader(variant.Data))
		if err != nil {
			t.Fatal(err)
		}
		colour, alpha := planes(decoded)
		if colour.width != wantColour.width || colour.height != wantColour.height {
			t.Fatalf("%d x %d pixels, want %d x %d", colour.width, colour.height, wantColour.width, wantColour.height)
		}
		if _, largest := difference(alpha, wantAlpha); largest > rounding {
			t.Errorf("alpha is %.3f away, want at most %.2f", largest, rounding)
		}
		if _, largest := difference(colour, wantColour); largest > allowed {
			t.Errorf("colour is %.3f away, want at most %.2f", largest, allowed)
		}
	}
}

// sizes are pairs of original and variant: whole and odd factors, hardly any and large ones, sides that stay, single
// pixels, and lines that are no multiple of what is done at a time.
var sizes = []struct{ width, height, toWidth, toHeight int }{
	{64, 48, 32, 24}, {97, 61, 31, 17}, {200, 3, 199, 2}, {33, 33, 11, 32}, {130, 70, 130, 69}, {130, 70, 129, 70},
	{130, 70, 130, 1}, {130, 70, 1, 70}, {130, 70, 1, 1}, {1, 90, 1, 40}, {90, 1, 40, 1}, {2, 2, 1, 1}, {5, 4, 4, 3},
	{400, 320, 10, 8}, {403, 321, 10, 8}, {41, 40, 1, 1}, {600, 20, 599, 7}, {20, 600, 7, 599}, {11, 9, 10, 8}, {12, 35, 5, 5},
	// The centres of some results are those of pixels, but for what rounding their factors leaves.
	{15, 49, 11, 11}, {31, 63, 15, 15}, {2016, 3, 1440, 2}, {3, 6000, 2, 720}, {3360, 3, 1440, 2},
}

// TestReduction: every byte is the full-precision Lanczos, rounded once.
func TestReduction(t *testing.T) {
	for name, at := range map[string]func() func(x, y int) color.NRGBA{
		"noise":             func() func(x, y int) color.NRGBA { return noise(false) },
		"translucent noise": func() func(x, y int) color.NRGBA { return noise(true) },
		"black and white":   func() func(x, y int) color.NRGBA { return harsh(false) },
		"holes":             func() func(x, y int) color.NRGBA { return harsh(true) },
		"zone plate":        func() func(x, y int) color.NRGBA { return zonePlate },
		"gradient":          func() func(x, y int) color.NRGBA { return gradient },
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range sizes {
				t.Run(fmt.Sprint(s), func(t *testing.T) {
					img := synthetic(s.width, s.height, at())
					p := box(s.toWidth, s.toHeight, preset.Fill)
					reduced(t, img, p, once(t, asPNG(t, img), p))
				})
			}
		})
	}
}

// TestReductionBarely: 1.0001 times, where a wrong centre or weight would hide in a smaller picture.
func TestReductionBarely(t *testing.T) {
	img := synthetic(10001, 9, noise(false))
	p := box(10000, 9, preset.Fill)
	reduced(t, img, p, once(t, asPNG(t, img), p))
}

// TestReductionGrey: one band, with noise and rings.
func TestReductionGrey(t *testing.T) {
	for name, at := range map[string]func(x, y int) color.NRGBA{"noise": noise(false), "zone plate": zonePlate} {
		for _, s := range sizes {
			t.Run(fmt.Sprintf("%s %v", name, s), func(t *testing.T) {
				img := image.NewGray(image.Rect(0, 0, s.width, s.height))
				for i := range img.Pix {
					img.Pix[i] = at(i%s.width, i/s.width).R
				}
				p := box(s.toWidth, s.toHeight, preset.Fill)
				reduced(t, img, p, once(t, asPNG(t, img), p))
			})
		}
	}
}

// TestReductionGreyAlpha: two bands.
func TestReductionGreyAlpha(t *testing.T) {
	data := rowOf(t, "formats/png-grey-alpha.png").read(t)
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p := box(71, 53, preset.Fill)
	reduced(t, img, p, once(t, data, p))
}

// TestReductionCrops cuts at every corner, from a master that holds the whole: only what is asked for is computed, and
// it is the same as cut out of the reduction of all.
func TestReductionCrops(t *testing.T) {
	for name, img := range map[string]*image.NRGBA{
		"wide": synthetic(151, 83, noise(false)), "tall": synthetic(83, 151, noise(false)),
		"wide, translucent": synthetic(151, 83, noise(true)), "tall, translucent": synthetic(83, 151, noise(true)),
	} {
		presets := []preset.Preset{wholeImage()}
		for _, g := range gravities {
			for _, size := range [][2]int{{40, 40}, {60, 23}, {1, 1}, {7, 80}} {
				p := box(size[0], size[1], preset.Cover)
				p.Name, p.Gravity = fmt.Sprintf("%s %v", g.gravity, size), g.gravity
				if p.Gravity != preset.Smart {
					presets = append(presets, p)
				}
			}
		}
		data := asPNG(t, img)
		for _, p := range presets[1:] {
			t.Run(name+" "+p.Name, func(t *testing.T) {
				both := []preset.Preset{presets[0], p}
				reduced(t, img, p, render(t, decode(t, data, both), p), once(t, data, p))
			})
		}
	}
}
