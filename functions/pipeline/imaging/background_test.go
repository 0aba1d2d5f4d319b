package imaging_test

import (
	"image/color"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// TestBackground: what shows through a picture and around it. The picture is 40 x 20, opaque red on the left half,
// half-transparent red on the right, in a box of 40 x 40.
func TestBackground(t *testing.T) {
	img := synthetic(40, 20, func(x, _ int) color.NRGBA {
		if x < 20 {
			return color.NRGBA{200, 0, 0, 255}
		}
		return color.NRGBA{200, 0, 0, 128}
	})
	data := asPNG(t, img)
	cases := map[string]struct {
		format              preset.Format
		background          preset.Color
		given               bool
		opaque, half, round [4]int // of the left, the right, and the padding
	}{
		"PNG, none":        {preset.PNG, preset.Color{}, false, [4]int{200, 0, 0, 255}, [4]int{200, 0, 0, 128}, [4]int{}},
		"PNG, transparent": {preset.PNG, preset.Color{}, true, [4]int{200, 0, 0, 255}, [4]int{200, 0, 0, 128}, [4]int{}},
		"PNG, opaque": {
			preset.PNG, blueAt(255), true, [4]int{200, 0, 0, 255}, [4]int{100, 0, 125, 255}, [4]int{0, 0, 250, 255},
		},
		// Half of blue on half of red: alpha 192, of which red is 100 and blue 62.
		"PNG, translucent": {
			preset.PNG, blueAt(128), true, [4]int{200, 0, 0, 255}, [4]int{133, 0, 83, 192}, [4]int{0, 0, 250, 128},
		},
		"WebP, none": {preset.WebP, preset.Color{}, false, [4]int{200, 0, 0, 255}, [4]int{200, 0, 0, 128}, [4]int{}},
		"WebP, opaque": {
			preset.WebP, blueAt(255), true, [4]int{200, 0, 0, 255}, [4]int{100, 0, 125, 255}, [4]int{0, 0, 250, 255},
		},
		"JPEG, none": {
			preset.JPEG, preset.Color{}, false, [4]int{200, 0, 0, 255}, [4]int{227, 127, 127, 255}, [4]int{255, 255, 255, 255},
		},
		"JPEG, transparent": {
			preset.JPEG, preset.Color{}, true, [4]int{200, 0, 0, 255}, [4]int{227, 127, 127, 255}, [4]int{255, 255, 255, 255},
		},
		"JPEG, opaque": {
			preset.JPEG, blueAt(255), true, [4]int{200, 0, 0, 255}, [4]int{100, 0, 125, 255}, [4]int{0, 0, 250, 255},
		},
		"JPEG, translucent": { // as it looks on white
			preset.JPEG, blueAt(128), true,
			[4]int{200, 0, 0, 255}, [4]int{163, 63, 126, 255}, [4]int{127, 127, 252, 255},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := box(40, 40, preset.Contain)
			p.Format, p.Background, p.HasBackground, p.Lossless, p.Quality = c.format, c.background, c.given, true, 100
			p.Chroma = preset.ChromaFull
			got := pixelsOf(t, once(t, data, p).Data)
			for _, at := range []struct {
				x, y int
				want [4]int
			}{{8, 20, c.opaque}, {32, 20, c.half}, {8, 4, c.round}, {32, 36, c.round}} {
				if colour := got.at(at.x, at.y); !near(colour, at.want, 3) {
					t.Errorf("pixel %d, %d is %v, want %v", at.x, at.y, colour, at.want)
				}
			}
		})
	}
}

func blueAt(alpha uint8) preset.Color { return preset.Color{B: 250, A: alpha} }

// TestPaddedPhoto: an original without alpha gets clear or coloured padding as well.
func TestPaddedPhoto(t *testing.T) {
	for name, c := range map[string]struct {
		format preset.Format
		want   [4]int
	}{"PNG": {preset.PNG, [4]int{}}, "JPEG": {preset.JPEG, [4]int{255, 255, 255, 255}}, "GIF": {preset.GIF, [4]int{}}} {
		t.Run(name, func(t *testing.T) {
			p := box(60, 60, preset.Contain)
			p.Format, p.Effort = c.format, 1
			for kind, data := range map[string][]byte{
				"colour": wide(t), "grey": rowOf(t, "formats/jpeg-grey.jpg").read(t),
			} {
				if colour := pixelsOf(t, once(t, data, p).Data).at(30, 1); !near(colour, c.want, 3) {
					t.Errorf("%s: padding is %v, want %v", kind, colour, c.want)
				}
			}
		})
	}
}
