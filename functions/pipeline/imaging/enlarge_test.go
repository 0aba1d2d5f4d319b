package imaging_test

import (
	"fmt"
	"image/color"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// TestEnlarge: an enlarged picture keeps its place, its edges and, where it is plain, its colour.
func TestEnlarge(t *testing.T) {
	t.Run("plain stays plain", func(t *testing.T) {
		for _, size := range [][2]int{{100, 100}, {100, 5}, {5, 100}, {10, 100}, {37, 91}, {1, 1}} {
			for _, alpha := range []uint8{255, 128} {
				p := box(size[0], size[1], preset.Fill)
				p.Enlarge = true
				got := fromPNG(t, once(t, asPNG(t, synthetic(10, 10, solid(200, 120, 40, alpha))), p).Data)
				for y := range got.height {
					for x := range got.width {
						if colour := got.at(x, y); !near(colour, [4]int{200, 120, 40, int(alpha)}, 1) {
							t.Fatalf("%d x %d: pixel %d, %d is %v", size[0], size[1], x, y, colour)
						}
					}
				}
			}
		}
	})
	t.Run("halves stay halves", func(t *testing.T) {
		// Left half black, right half white: ten times as large the border is at 100 pixels of 200, from either side.
		img := synthetic(20, 20, func(x, _ int) color.NRGBA {
			v := uint8(x / 10 * 255)
			return color.NRGBA{v, v, v, 255}
		})
		p := box(200, 200, preset.Inside)
		p.Enlarge = true
		got := fromPNG(t, once(t, asPNG(t, img), p).Data)
		for x := range 100 {
			left, right := got.at(x, 100)[0], got.at(199-x, 100)[0]
			if sum := left + right; sum < 253 || sum > 257 {
				t.Errorf("column %d is %d and its mirror %d: not symmetric", x, left, right)
			}
		}
	})
}

// TestOneSide: a picture squeezed on one side alone is reduced as carefully as one reduced on both, and one that
// shrinks on one side and grows on the other, too.
func TestOneSide(t *testing.T) {
	data := rowOf(t, "photos/coffee.jpg").read(t) // 600 x 400
	whole := pixelsOf(t, data)
	for _, size := range [][2]int{{150, 400}, {600, 100}, {150, 399}, {599, 100}, {150, 800}} {
		t.Run(fmt.Sprintf("%d x %d", size[0], size[1]), func(t *testing.T) {
			p := box(size[0], size[1], preset.Fill)
			p.Enlarge = true
			got := fromPNG(t, once(t, data, p).Data)
			similarity := ssim(got, whole.lanczos(size[0], size[1]))
			t.Logf("SSIM %.4f", similarity)
			if similarity < 0.98 {
				t.Errorf("SSIM %.4f, want at least 0.98", similarity)
			}
		})
	}
}

// TestTiny: pictures with hardly any pixels render in every format and fit.
func TestTiny(t *testing.T) {
	for _, file := range []string{"formats/odd-1x1.png", "formats/odd-3000x3.png"} {
		data := rowOf(t, file).read(t)
		for _, format := range []preset.Format{preset.JPEG, preset.PNG, preset.WebP, preset.AVIF, preset.GIF} {
			for _, fit := range []preset.Fit{preset.Inside, preset.Cover, preset.Contain, preset.Fill} {
				for _, enlarge := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s to %s %s enlarge %v", file, format, fit, enlarge), func(t *testing.T) {
						p := box(64, 48, fit)
						p.Format, p.Enlarge, p.Effort = format, enlarge, 1
						variant := once(t, data, p)
						if got := factsOf(probe(t, variant.Data)); got.Width != variant.Width || got.Height != variant.Height {
							t.Errorf("%+v, the variant says %d x %d", got, variant.Width, variant.Height)
						}
					})
				}
			}
		}
	}
}

// TestLong: a screenshot longer than WebP's sides can be becomes as long as they can.
func TestLong(t *testing.T) {
	data := asPNG(t, synthetic(40, 20000, solid(10, 20, 30, 255)))
	p := box(40, 0, preset.Inside)
	p.Format = preset.WebP
	if got := once(t, data, p); got.Height != 16383 || got.Width != 33 {
		t.Errorf("%d x %d, want 33 x 16383", got.Width, got.Height)
	}
	p.Format = preset.PNG
	if got := once(t, data, p); got.Height != 20000 || got.Width != 40 {
		t.Errorf("PNG: %d x %d, want 40 x 20000", got.Width, got.Height)
	}
}
