package imaging_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// checked is a board of red and blue squares of 4 pixels.
func checked(x, y int) color.NRGBA {
	if (x/4+y/4)%2 == 0 {
		return red
	}
	return blue
}

// roughness is the mean difference of neighbours' luma.
func roughness(p picture) float64 {
	y, sum := p.luma(), 0.0
	for i := 1; i < len(y); i++ {
		if i%p.width != 0 {
			sum += math.Abs(y[i] - y[i-1])
		}
	}
	return sum / float64(len(y))
}

// TestEffects: sharpening makes a picture rougher, blurring smoother, and more of either more so; neither moves or
// tints it.
func TestEffects(t *testing.T) {
	data := rowOf(t, "photos/cat.jpg").read(t)
	for _, fit := range []preset.Fit{preset.Inside, preset.Cover, preset.Fill} {
		for _, side := range []int{200, 451} { // resized, and at its own size
			t.Run(fmt.Sprintf("%s %d", fit, side), func(t *testing.T) {
				var pictures []picture
				for _, effect := range [][2]float64{{0, 20}, {0, 3}, {0, 0.5}, {0, 0}, {1, 0}, {6, 0}} {
					p := box(side, side, fit)
					p.Sharpen, p.Blur = effect[0], effect[1]
					pictures = append(pictures, fromPNG(t, once(t, data, p).Data))
				}
				for i := 1; i < len(pictures); i++ {
					before, after := roughness(pictures[i-1]), roughness(pictures[i])
					if after <= before {
						t.Errorf("step %d: roughness %.3f after %.3f", i, after, before)
					}
					if mean, _ := difference(pictures[i], pictures[3]); mean > 30 {
						t.Errorf("step %d: mean difference %.1f from the plain one", i, mean)
					}
				}
			})
		}
	}
}

// TestEffectsAtTheirLimits: the strongest effects that presets.yaml lets through, on pictures of few pixels, too.
func TestEffectsAtTheirLimits(t *testing.T) {
	for _, file := range []string{"photos/cat.jpg", "formats/odd-1x1.png", "formats/odd-3000x3.png", "formats/png-rgba.png"} {
		for _, effect := range [][2]float64{{10, 0}, {0, 100}, {10, 100}, {0.01, 0}, {0, 0.01}} {
			t.Run(fmt.Sprintf("%s %v", file, effect), func(t *testing.T) {
				p := box(100, 80, preset.Cover)
				p.Sharpen, p.Blur = effect[0], effect[1]
				once(t, rowOf(t, file).read(t), p)
			})
		}
	}
}

// TestEffectsOnTransparency: what is clear stays clear under sharpening, and a blurred plain picture stays as it is.
func TestEffectsOnTransparency(t *testing.T) {
	half := synthetic(60, 60, func(x, _ int) color.NRGBA {
		if x < 30 {
			return color.NRGBA{200, 40, 40, 255}
		}
		return color.NRGBA{}
	})
	p := box(60, 60, preset.Inside)
	p.Sharpen = 5
	got := fromPNG(t, once(t, asPNG(t, half), p).Data)
	for x, want := range map[int][4]int{5: {200, 40, 40, 255}, 55: {}} {
		if colour := got.at(x, 30); !near(colour, want, 2) {
			t.Errorf("sharpened: column %d is %v, want %v", x, colour, want)
		}
	}
	p.Sharpen, p.Blur = 0, 4
	got = fromPNG(t, once(t, asPNG(t, half), p).Data)
	for x := range 60 {
		if colour := got.at(x, 30); colour[3] > 20 && !near([4]int{colour[0], colour[1], colour[2]}, [4]int{200, 40, 40}, 12) {
			t.Errorf("blurred: column %d is %v, a colour that was nowhere", x, colour)
		}
	}
}

// TestSmart: the part that stands out is kept, wherever it is.
func TestSmart(t *testing.T) {
	for _, left := range []int{20, 180, 340} {
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			img := synthetic(420, 120, func(x, y int) color.NRGBA {
				if x >= left && x < left+60 && y >= 30 && y < 90 {
					return checked(x, y)
				}
				return color.NRGBA{128, 128, 128, 255}
			})
			p := box(60, 60, preset.Cover)
			p.Gravity = preset.Smart
			got := fromPNG(t, once(t, asPNG(t, img), p).Data)
			if got.width != 60 || got.height != 60 {
				t.Fatalf("%d x %d pixels", got.width, got.height)
			}
			coloured := 0
			for y := range 60 {
				for x := range 60 {
					if c := got.at(x, y); c[0]-c[1] > 20 || c[2]-c[1] > 20 {
						coloured++
					}
				}
			}
			// The square is 30 x 30 pixels of the reduced picture.
			if coloured < 700 {
				t.Errorf("%d coloured pixels of 900: the square was cut off", coloured)
			}
		})
	}
}

// TestCropIsExact: a crop at the original's own size changes no pixel, transparent ones least of all.
func TestCropIsExact(t *testing.T) {
	for _, alpha := range []bool{false, true} {
		t.Run(fmt.Sprintf("alpha %v", alpha), func(t *testing.T) {
			paint := func(x, y int) color.NRGBA {
				c := color.NRGBA{uint8(x * 37), uint8(y * 59), uint8(x * y), 255}
				if alpha {
					c.A = uint8(40 + (x+y)%200)
				}
				return c
			}
			p := box(50, 40, preset.Cover)
			p.Gravity = preset.NorthWest
			got := fromPNG(t, once(t, asPNG(t, synthetic(90, 40, paint)), p).Data)
			for y := range 40 {
				for x := range 50 {
					want, tolerance := rgba(paint(x, y)), 0
					if alpha {
						tolerance = 1 + 255/want[3]/2 // premultiplied, a colour has as many steps as its alpha
					}
					if !near(got.at(x, y), want, tolerance) {
						t.Fatalf("pixel %d, %d is %v, want %v", x, y, got.at(x, y), want)
					}
				}
			}
		})
	}
}
