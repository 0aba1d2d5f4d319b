package imaging_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging/likeness"
)

// picture holds pixels as straight RGBA, 0 to 255, four to a pixel. What judges pictures is likeness's.
type picture struct {
	width, height int
	pix           []float32
}

func (p picture) full() likeness.Picture {
	return likeness.Picture{Width: p.width, Height: p.height, Pix: p.pix}
}

func of(p likeness.Picture) picture { return picture{p.Width, p.Height, p.Pix} }

func newPicture(width, height int) picture { return of(likeness.New(width, height)) }

// fromPNG reads what a lossless preset wrote, with Go's own decoder.
func fromPNG(t testing.TB, data []byte) picture {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("reading a PNG back: %v", err)
	}
	return fromImage(decoded)
}

func fromImage(img image.Image) picture { return of(likeness.FromImage(img)) }

// grounds are what pictures with transparency are laid on to be compared: what is hidden must not count.
var grounds = map[string]color.NRGBA{
	"white": {255, 255, 255, 255}, "black": {0, 0, 0, 255}, "orange": {240, 120, 20, 255},
}

func (p picture) on(c color.NRGBA) picture { return of(p.full().On(c)) }

func (p picture) lanczos(width, height int) picture { return of(p.full().Lanczos(width, height)) }

func (p picture) crop(left, top, width, height int) picture {
	return of(p.full().Crop(left, top, width, height))
}

func (p picture) luma() []float64 { return p.full().Luma() }

func difference(a, b picture) (mean, largest float64) { return likeness.Difference(a.full(), b.full()) }

func ssim(a, b picture) float64 { return likeness.SSIM(a.full(), b.full()) }
