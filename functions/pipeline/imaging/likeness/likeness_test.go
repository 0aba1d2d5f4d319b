package likeness_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging/likeness"
)

// painted is a picture whose straight RGBA is told by place.
func painted(width, height int, at func(x, y int) [4]float32) likeness.Picture {
	p := likeness.New(width, height)
	for i := range width * height {
		c := at(i%width, i/width)
		copy(p.Pix[4*i:], c[:])
	}
	return p
}

func waves(x, y int) [4]float32 {
	return [4]float32{
		float32(128 + 100*math.Sin(float64(x)/5)), float32(128 + 100*math.Sin(float64(y)/7)),
		float32(128 + 100*math.Sin(float64(x+y)/11)), 255,
	}
}

func grain(x, y int) [4]float32 {
	v := float32((x*7919+y*104729)%251) + 2
	return [4]float32{v, v, v, 255}
}

// TestLanczosKeeps: a plain picture stays plain up to its edges, a slow wave stays itself, and its own size is no reduction.
func TestLanczosKeeps(t *testing.T) {
	for _, size := range [][2]int{{50, 40}, {33, 7}, {1, 1}, {200, 40}} {
		p := painted(200, 160, func(int, int) [4]float32 { return [4]float32{200, 100, 50, 255} }).Lanczos(size[0], size[1])
		if p.Width != size[0] || p.Height != size[1] || len(p.Pix) != 4*size[0]*size[1] {
			t.Fatalf("%d x %d with %d numbers, want %v", p.Width, p.Height, len(p.Pix), size)
		}
		want := painted(size[0], size[1], func(int, int) [4]float32 { return [4]float32{200, 100, 50, 255} })
		if _, largest := likeness.Difference(p, want); largest > 0.01 {
			t.Errorf("%v: plain differs by %v", size, largest)
		}
	}
	p := painted(120, 90, waves)
	if _, largest := likeness.Difference(p.Lanczos(120, 90), p); largest > 0.01 {
		t.Errorf("at its own size differs by %v", largest)
	}
	half := painted(200, 160, func(x, _ int) [4]float32 { return [4]float32{float32(x), 0, 0, 255} }).Lanczos(100, 80)
	for x := 5; x < 95; x++ {
		if got, want := half.Pix[4*(40*100+x)], float32(2*x)+0.5; math.Abs(float64(got-want)) > 0.05 {
			t.Errorf("a ramp has %v at %d, want %v", got, x, want)
		}
	}
}

// TestLanczosHides: what is under clear pixels does not come forth, and what overshoots is cut.
func TestLanczosHides(t *testing.T) {
	p := painted(100, 100, func(x, _ int) [4]float32 {
		if x < 50 {
			return [4]float32{0, 255, 0, 0}
		}
		return [4]float32{255, 0, 0, 255}
	}).Lanczos(25, 25)
	for i := 0; i < len(p.Pix); i += 4 {
		c := p.Pix[i : i+4]
		if c[3] > 1 && (c[0] < 254 || c[1] > 1) {
			t.Fatalf("pixel %d is %v", i/4, c)
		}
		for _, v := range c {
			if v < 0 || v > 255 {
				t.Fatalf("pixel %d is %v", i/4, c)
			}
		}
	}
}

// TestSSIM: 1 for the same, symmetric, and the lower the more a picture is spoilt; a shift in brightness counts little and
// another structure much.
func TestSSIM(t *testing.T) {
	p := painted(90, 70, waves)
	if got := likeness.SSIM(p, p); math.Abs(got-1) > 1e-12 {
		t.Errorf("the same: %v", got)
	}
	spoilt := func(by float32) likeness.Picture {
		return painted(90, 70, func(x, y int) [4]float32 {
			c := waves(x, y)
			for k := range 3 {
				c[k] += by * (grain(x, y)[k] - 128) / 128
			}
			return c
		})
	}
	last := 1.0
	for _, by := range []float32{2, 8, 32} {
		got := likeness.SSIM(p, spoilt(by))
		if got >= last || got <= 0 {
			t.Errorf("spoilt by %v: %v, and by less %v", by, got, last)
		}
		if back := likeness.SSIM(spoilt(by), p); math.Abs(back-got) > 1e-12 {
			t.Errorf("spoilt by %v: %v and %v the other way round", by, got, back)
		}
		last = got
	}
	brighter := painted(90, 70, func(x, y int) [4]float32 {
		c := waves(x, y)
		return [4]float32{c[0] + 5, c[1] + 5, c[2] + 5, 255}
	})
	if got := likeness.SSIM(p, brighter); got < 0.98 {
		t.Errorf("brighter by 5: %v", got)
	}
	if got := likeness.SSIM(p, painted(90, 70, grain)); got > 0.2 {
		t.Errorf("grain: %v", got)
	}
	// By hand: two plain pictures have variance 0, so that only brightness counts.
	grey := func(v float32) likeness.Picture {
		return painted(20, 20, func(int, int) [4]float32 { return [4]float32{v, v, v, 255} })
	}
	want := (2*100*150 + 6.5025) / (100*100 + 150*150 + 6.5025)
	if got := likeness.SSIM(grey(100), grey(150)); math.Abs(got-want) > 1e-6 {
		t.Errorf("grey: %v, want %v", got, want)
	}
}

// TestFromImage reads every pixel straight, whatever the kind of image and wherever its corner lies.
func TestFromImage(t *testing.T) {
	at := image.Rect(3, 5, 13, 12)
	straight, premultiplied, paletted := image.NewNRGBA(at), image.NewRGBA(at), image.NewGray16(at)
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			straight.Set(x, y, color.NRGBA{uint8(10 * x), uint8(20 * y), 7, 128})
			premultiplied.Set(x, y, color.RGBA{uint8(10 * x), uint8(20 * y), 7, 255})
			paletted.Set(x, y, color.Gray{uint8(10 * x)})
		}
	}
	cut := straight.SubImage(image.Rect(4, 6, 9, 10))
	for _, c := range []struct {
		name string
		img  image.Image
		want func(x, y int) [4]float32
	}{
		{"straight", straight, func(x, y int) [4]float32 { return [4]float32{float32(10 * (x + 3)), float32(20 * (y + 5)), 7, 128} }},
		{"cut", cut, func(x, y int) [4]float32 { return [4]float32{float32(10 * (x + 4)), float32(20 * (y + 6)), 7, 128} }},
		{"opaque", premultiplied, func(x, y int) [4]float32 { return [4]float32{float32(10 * (x + 3)), float32(20 * (y + 5)), 7, 255} }},
		{"grey", paletted, func(x, _ int) [4]float32 {
			v := float32(10 * (x + 3))
			return [4]float32{v, v, v, 255}
		}},
	} {
		got, size := likeness.FromImage(c.img), c.img.Bounds()
		if got.Width != size.Dx() || got.Height != size.Dy() {
			t.Fatalf("%s: %d x %d", c.name, got.Width, got.Height)
		}
		if _, largest := likeness.Difference(got, painted(got.Width, got.Height, c.want)); largest != 0 {
			t.Errorf("%s: differs by %v", c.name, largest)
		}
	}
}

// TestOn, by hand: half of red on white is pink, and clear is the ground.
func TestOn(t *testing.T) {
	p := painted(2, 1, func(x, _ int) [4]float32 { return [4]float32{255, 0, 0, float32(x) * 127.5} })
	got := p.On(color.NRGBA{255, 255, 255, 255}).Crop(0, 0, 2, 1)
	want := painted(2, 1, func(x, _ int) [4]float32 { return [4]float32{255, 255 - 127.5*float32(x), 255 - 127.5*float32(x), 255} })
	if _, largest := likeness.Difference(got, want); largest > 0.001 {
		t.Errorf("%v, want %v", got.Pix, want.Pix)
	}
	if p.Opaque() || !got.Opaque() {
		t.Error("only what is laid on a colour is opaque")
	}
	if right := got.Crop(1, 0, 1, 1); right.Pix[1] != 127.5 {
		t.Errorf("the right pixel is %v", right.Pix)
	}
}

// BenchmarkLanczos reduces what a camera of 24 megapixels takes to the largest default variant.
func BenchmarkLanczos(b *testing.B) {
	p := painted(6000, 4000, waves)
	for b.Loop() {
		p.Lanczos(1440, 960)
	}
}

// BenchmarkSSIM compares two of the largest default variants.
func BenchmarkSSIM(b *testing.B) {
	p, q := painted(1440, 960, waves), painted(1440, 960, grain)
	for b.Loop() {
		likeness.SSIM(p, q)
	}
}
