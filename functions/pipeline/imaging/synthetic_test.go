package imaging_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// synthetic paints an image pixel by pixel.
func synthetic(width, height int, at func(x, y int) color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, at(x, y))
		}
	}
	return img
}

func solid(r, g, b, a uint8) func(x, y int) color.NRGBA {
	return func(int, int) color.NRGBA { return color.NRGBA{r, g, b, a} }
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// box is a preset of a box that is saved as PNG.
func box(width, height int, fit preset.Fit) preset.Preset {
	p := wholeImage()
	p.Name, p.Width, p.Height, p.Fit = "box", width, height, fit
	return p
}

// once probes, decodes and renders one preset.
func once(t testing.TB, data []byte, p preset.Preset) imaging.Variant {
	t.Helper()
	return render(t, decode(t, data, []preset.Preset{p}), p)
}

// pixelsOf reads any variant back, whole, by this package's own decoder.
func pixelsOf(t testing.TB, data []byte) picture {
	t.Helper()
	return fromPNG(t, once(t, data, wholeImage()).Data)
}

// frameOf reads frame i of any variant back.
func frameOf(t testing.TB, master *imaging.Master, i int) picture {
	t.Helper()
	return fromPNG(t, render(t, master.Frame(i), wholeImage()).Data)
}

// decodeFrames decodes every frame at full size.
func decodeFrames(t testing.TB, data []byte) *imaging.Master {
	t.Helper()
	p := wholeImage()
	p.Format, p.Animated = preset.WebP, preset.Keep
	return decode(t, data, []preset.Preset{p})
}

// at is the straight RGBA of one pixel.
func (p picture) at(x, y int) [4]int {
	i := (y*p.width + x) * 4
	return [4]int{int(p.pix[i] + 0.5), int(p.pix[i+1] + 0.5), int(p.pix[i+2] + 0.5), int(p.pix[i+3] + 0.5)}
}

// near says whether two colours differ by at most tolerance in every channel; of clear pixels only the alpha counts.
func near(a, b [4]int, tolerance int) bool {
	for k := range a {
		if a[3] == 0 && b[3] == 0 {
			return true
		}
		if d := a[k] - b[k]; d > tolerance || -d > tolerance {
			return false
		}
	}
	return true
}
