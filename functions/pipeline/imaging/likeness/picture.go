// Package likeness says how much two pictures look alike, and reduces pictures at full precision for variants to be held
// against. The tests of imaging and the benchmark judge by it. It knows no libvips: what it judges cannot fool it.
package likeness

import (
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"sync"
)

// Picture holds pixels as straight (not premultiplied) RGBA, 0 to 255, four numbers to a pixel, line by line.
type Picture struct {
	Width, Height int
	Pix           []float32
}

// New is a picture of Width x Height clear pixels.
func New(width, height int) Picture {
	return Picture{width, height, make([]float32, width*height*4)}
}

// FromImage takes what a decoder of Go gives. Colours are taken as they are: what is not sRGB is to be made so before.
func FromImage(img image.Image) Picture {
	b := img.Bounds()
	pix, stride := straight(img)
	p := New(b.Dx(), b.Dy())
	lines(p.Height, func(y int) {
		to := p.line(y)
		for i, v := range pix[y*stride:][:len(to)] {
			to[i] = float32(v)
		}
	})
	return p
}

// straight gives an image's pixels as 8-bit straight RGBA. Opaque pixels are the same straight and premultiplied.
func straight(img image.Image) (pix []uint8, stride int) {
	switch typed := img.(type) {
	case *image.NRGBA:
		return typed.Pix, typed.Stride
	case *image.RGBA:
		if typed.Opaque() {
			return typed.Pix, typed.Stride
		}
	}
	b := img.Bounds()
	drawn := image.NewNRGBA(b)
	draw.Draw(drawn, b, img, b.Min, draw.Src)
	return drawn.Pix, drawn.Stride
}

func (p Picture) line(y int) []float32 { return p.Pix[y*p.Width*4:][:p.Width*4] }

// Opaque says whether nothing shows through.
func (p Picture) Opaque() bool {
	for i := 3; i < len(p.Pix); i += 4 {
		if p.Pix[i] < 255 {
			return false
		}
	}
	return true
}

// On lays the picture on an opaque colour: what is hidden under clear pixels does not count in a comparison.
func (p Picture) On(c color.NRGBA) Picture {
	out := New(p.Width, p.Height)
	ground := [3]float32{float32(c.R), float32(c.G), float32(c.B)}
	for i := 0; i < len(p.Pix); i += 4 {
		a := p.Pix[i+3] / 255
		for k := range 3 {
			out.Pix[i+k] = p.Pix[i+k]*a + ground[k]*(1-a)
		}
		out.Pix[i+3] = 255
	}
	return out
}

// Crop cuts out width x height pixels.
func (p Picture) Crop(left, top, width, height int) Picture {
	out := New(width, height)
	for y := range height {
		copy(out.line(y), p.line(top + y)[left*4:])
	}
	return out
}

// Luma is Y' of ITU-R BT.601, 0 to 255, one number to a pixel.
func (p Picture) Luma() []float64 {
	y := make([]float64, p.Width*p.Height)
	for i := range y {
		y[i] = 0.299*float64(p.Pix[4*i]) + 0.587*float64(p.Pix[4*i+1]) + 0.114*float64(p.Pix[4*i+2])
	}
	return y
}

// lines does something for each of count lines, on every core. What it does for a line must not depend on another.
func lines(count int, do func(y int)) {
	share := max(1, count/(4*runtime.GOMAXPROCS(0)))
	var all sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for first := 0; first < count; first += share {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			for y := first; y < min(first+share, count); y++ {
				do(y)
			}
		})
	}
	all.Wait()
}
