package imaging_test

import (
	"context"
	"image"
	"image/color"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// placeholder is that of bytes which were decoded for the default presets.
func placeholder(t testing.TB, data []byte) imaging.Placeholder {
	t.Helper()
	return placeholderOf(t, decode(t, data, defaultConfig(t).Presets))
}

func placeholderOf(t testing.TB, master *imaging.Master) imaging.Placeholder {
	t.Helper()
	got, err := master.Placeholder(context.Background())
	if err != nil {
		t.Fatalf("Placeholder: %v", err)
	}
	return got
}

// like says whether c is the colour, with at most tolerance between them in red, green and blue.
func like(c imaging.Color, want color.NRGBA, tolerance int) bool {
	return near([4]int{int(c[0]), int(c[1]), int(c[2]), 255}, [4]int{int(want.R), int(want.G), int(want.B), 255}, tolerance)
}

// opposite is the colour that is hidden where nothing shows; it must not count.
var opposite = color.NRGBA{0, 255, 0, 0}

// TestDominant names the colour that most of the visible pixels are near.
func TestDominant(t *testing.T) {
	red, blue := color.NRGBA{220, 0, 0, 255}, color.NRGBA{0, 0, 220, 255}
	split := func(at int, left, right color.NRGBA) image.Image {
		return synthetic(300, 200, func(x, _ int) color.NRGBA {
			if x < at {
				return left
			}
			return right
		})
	}
	alike, alone := color.NRGBA{127, 128, 127, 255}, color.NRGBA{200, 40, 90, 255}
	for _, c := range []struct {
		name      string
		img       image.Image
		want      color.NRGBA
		tolerance int
	}{
		{"one colour", split(0, red, color.NRGBA{18, 52, 86, 255}), color.NRGBA{18, 52, 86, 255}, 0},
		{"more red than blue", split(160, red, blue), red, 2},
		{"more blue than red", split(140, red, blue), blue, 2},
		{"black and white", split(120, color.NRGBA{0, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}), color.NRGBA{255, 255, 255, 255}, 2},
		{
			// On the corner of eight boxes: each is less full than the other colour's one.
			"noise across boxes", synthetic(100, 100, func(x, y int) color.NRGBA {
				if x < 30 {
					return alone
				}
				c := speckle(x, y)
				return color.NRGBA{alike.R + c.R%2, alike.G - c.G%2, alike.B + c.B%2, 255}
			}), alike, 1,
		},
		{"a small logo on clear", synthetic(300, 300, func(x, y int) color.NRGBA {
			if x > 120 && x < 180 && y > 120 && y < 180 {
				return alone
			}
			return opposite
		}), alone, 1},
		{"half as visible is half as much", split(180, color.NRGBA{220, 0, 0, 120}, blue), blue, 2},
		{"translucent", split(0, red, color.NRGBA{200, 40, 90, 128}), alone, 1},
		{"one pixel", synthetic(1, 1, solid(200, 40, 90, 255)), alone, 0},
		{"nothing shows", synthetic(40, 40, func(int, int) color.NRGBA { return opposite }), color.NRGBA{255, 255, 255, 255}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := placeholder(t, asPNG(t, c.img)).Color; !like(got, c.want, c.tolerance) {
				t.Errorf("%s, want %v", got, c.want)
			}
		})
	}
}

// TestDominantIsThere: in gradients, where no colour is much more frequent than others, it is still one of theirs.
func TestDominantIsThere(t *testing.T) {
	for name, at := range map[string]func(x, y int) color.NRGBA{
		"black to white": func(x, _ int) color.NRGBA { return color.NRGBA{uint8(x), uint8(x), uint8(x), 255} },
		"red to blue":    func(x, _ int) color.NRGBA { return color.NRGBA{uint8(255 - x), 0, uint8(x), 255} },
		"all around": func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(x), uint8(y), uint8(255 - x), 255}
		},
		"fading out": func(x, y int) color.NRGBA { return color.NRGBA{uint8(y), 80, 160, uint8(x)} },
	} {
		t.Run(name, func(t *testing.T) {
			got := placeholder(t, asPNG(t, synthetic(256, 256, at))).Color
			for i := range 256 * 256 {
				if like(got, at(i%256, i/256), 4) {
					return
				}
			}
			t.Errorf("%s is not in the gradient", got)
		})
	}
}

// TestDominantOriginals: what people would say of some of testdata.
func TestDominantOriginals(t *testing.T) {
	for file, want := range map[string]color.NRGBA{
		"photos/coffee.jpg":           {170, 86, 41, 255},   // the table
		"photos/rocket.jpg":           {25, 52, 87, 255},    // the evening sky
		"photos/astronaut.jpg":        {3, 2, 2, 255},       // the background
		"formats/jpeg-444.jpg":        {123, 107, 168, 255}, // the mountains
		"formats/png-rgba.png":        {123, 107, 168, 255},
		"formats/gif-animated.gif":    {61, 64, 91, 255},
		"formats/png-grey.png":        {118, 118, 118, 255},
		"formats/tiff-fax.tif":        {255, 255, 255, 255},
		"logos/dark.png":              {20, 33, 61, 255},
		"logos/white.png":             {255, 255, 255, 255},
		"logos/white-on-clear.webp":   {255, 255, 255, 255},
		"formats/gif-transparent.gif": {230, 57, 70, 255},
	} {
		t.Run(file, func(t *testing.T) {
			if got := placeholder(t, rowOf(t, file).read(t)).Color; !like(got, want, 6) {
				t.Errorf("%s, want %v", got, want)
			}
		})
	}
}

// TestDominantGrey: a greyscale original has no colour.
func TestDominantGrey(t *testing.T) {
	for _, file := range []string{"formats/png-grey.png", "formats/png-grey-16-bit.png", "formats/png-grey-alpha.png", "formats/jpeg-grey.jpg"} {
		t.Run(file, func(t *testing.T) {
			if c := placeholder(t, rowOf(t, file).read(t)).Color; c[0] != c[1] || c[1] != c[2] {
				t.Errorf("%s is not grey", c)
			}
		})
	}
}

// TestColor: CSS reads it.
func TestColor(t *testing.T) {
	if got := (imaging.Color{1, 171, 255}).String(); got != "#01abff" {
		t.Errorf("%s, want #01abff", got)
	}
}
