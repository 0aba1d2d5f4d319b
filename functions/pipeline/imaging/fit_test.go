package imaging_test

import (
	"fmt"
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Colours of the thirds of a flag: the first is left or top, the last right or bottom.
var (
	red, green, blue = color.NRGBA{220, 30, 30, 255}, color.NRGBA{30, 200, 30, 255}, color.NRGBA{30, 30, 220, 255}
	thirds           = []color.NRGBA{red, green, blue}
)

func rgba(c color.NRGBA) [4]int { return [4]int{int(c.R), int(c.G), int(c.B), int(c.A)} }

// wide and tall are flags of three squares of 100 pixels side by side, and above each other.
func wide(t testing.TB) []byte {
	return asPNG(t, synthetic(300, 100, func(x, _ int) color.NRGBA { return thirds[x/100] }))
}

func tall(t testing.TB) []byte {
	return asPNG(t, synthetic(100, 300, func(_, y int) color.NRGBA { return thirds[y/100] }))
}

// gravities and the third that each keeps of a wide flag and of a tall one.
var gravities = []struct {
	gravity    preset.Gravity
	wide, tall color.NRGBA
}{
	{preset.Centre, green, green}, {preset.North, green, red}, {preset.NorthEast, blue, red}, {preset.East, blue, green},
	{preset.SouthEast, blue, blue}, {preset.South, green, blue}, {preset.SouthWest, red, blue}, {preset.West, red, green},
	{preset.NorthWest, red, red},
}

// TestCover: the box is filled, and the gravity says with which part.
func TestCover(t *testing.T) {
	for _, g := range gravities {
		for shape, c := range map[string]struct {
			data []byte
			want color.NRGBA
		}{"wide": {wide(t), g.wide}, "tall": {tall(t), g.tall}} {
			t.Run(fmt.Sprintf("%s of %s", g.gravity, shape), func(t *testing.T) {
				p := box(50, 50, preset.Cover)
				p.Gravity = g.gravity
				got := fromPNG(t, once(t, c.data, p).Data)
				if got.width != 50 || got.height != 50 {
					t.Fatalf("%d x %d pixels, want 50 x 50", got.width, got.height)
				}
				for _, at := range [][2]int{{4, 4}, {45, 4}, {25, 25}, {4, 45}, {45, 45}} {
					if colour := got.at(at[0], at[1]); !near(colour, rgba(c.want), 3) {
						t.Errorf("pixel %v is %v, want %v", at, colour, c.want)
					}
				}
			})
		}
	}
}

// TestContain: everything shows, where the gravity says, and the rest of the box is padding.
func TestContain(t *testing.T) {
	black := color.NRGBA{0, 0, 0, 255}
	for _, g := range gravities {
		for shape, c := range map[string]struct {
			data  []byte
			where color.NRGBA // the third of the box in which the picture is
		}{"wide": {wide(t), g.tall}, "tall": {tall(t), g.wide}} {
			t.Run(fmt.Sprintf("%s of %s", g.gravity, shape), func(t *testing.T) {
				p := box(90, 90, preset.Contain)
				p.Gravity, p.Background, p.HasBackground = g.gravity, preset.Color{A: 255}, true
				got := fromPNG(t, once(t, c.data, p).Data)
				if got.width != 90 || got.height != 90 {
					t.Fatalf("%d x %d pixels, want 90 x 90", got.width, got.height)
				}
				for third := range 3 {
					x, y := 15, 15+30*third // in the first third of a wide flag
					if shape == "tall" {
						x, y = y, x
					}
					want := black
					if thirds[third] == c.where {
						want = red
					}
					if colour := got.at(x, y); !near(colour, rgba(want), 3) {
						t.Errorf("pixel %d, %d is %v, want %v", x, y, colour, want)
					}
				}
			})
		}
	}
}

// TestSizes: what each fit makes of a box, with a side left out, and without and with leave to enlarge.
func TestSizes(t *testing.T) {
	type size struct{ Width, Height int }
	cases := map[string]struct {
		box     size
		fit     preset.Fit
		enlarge bool
		want    size
	}{
		"width alone":                     {size{150, 0}, preset.Inside, false, size{150, 50}},
		"height alone":                    {size{0, 50}, preset.Inside, false, size{150, 50}},
		"inside":                          {size{60, 60}, preset.Inside, false, size{60, 20}},
		"cover":                           {size{60, 60}, preset.Cover, false, size{60, 60}},
		"contain":                         {size{60, 60}, preset.Contain, false, size{60, 60}},
		"fill":                            {size{60, 60}, preset.Fill, false, size{60, 60}},
		"fill, one side stays":            {size{300, 30}, preset.Fill, false, size{300, 30}},
		"width alone, larger":             {size{600, 0}, preset.Inside, false, size{300, 100}},
		"inside, larger":                  {size{600, 600}, preset.Inside, false, size{300, 100}},
		"cover, larger":                   {size{600, 600}, preset.Cover, false, size{100, 100}},
		"cover, larger on one side":       {size{200, 200}, preset.Cover, false, size{100, 100}},
		"contain, larger":                 {size{600, 600}, preset.Contain, false, size{600, 600}},
		"fill, larger":                    {size{600, 600}, preset.Fill, false, size{100, 100}},
		"width alone, enlarged":           {size{600, 0}, preset.Inside, true, size{600, 200}},
		"inside, enlarged":                {size{600, 600}, preset.Inside, true, size{600, 200}},
		"cover, enlarged":                 {size{600, 600}, preset.Cover, true, size{600, 600}},
		"contain, enlarged":               {size{600, 600}, preset.Contain, true, size{600, 600}},
		"fill, enlarged":                  {size{600, 600}, preset.Fill, true, size{600, 600}},
		"fill, one side larger, enlarged": {size{30, 600}, preset.Fill, true, size{30, 600}},
	}
	data := wide(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := box(c.box.Width, c.box.Height, c.fit)
			p.Enlarge = c.enlarge
			variant := once(t, data, p)
			got := fromPNG(t, variant.Data)
			if diff := cmp.Diff(c.want, size{got.width, got.height}); diff != "" {
				t.Errorf("pixels (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.want, size{variant.Width, variant.Height}); diff != "" {
				t.Errorf("Variant (-want +got):\n%s", diff)
			}
		})
	}
}
