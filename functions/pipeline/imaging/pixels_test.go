package imaging_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
)

// picture holds pixels as straight RGBA in float64, 0 to 255, four to a pixel.
type picture struct {
	width, height int
	pix           []float64
}

func newPicture(width, height int) picture {
	return picture{width, height, make([]float64, width*height*4)}
}

// fromPNG reads what a lossless preset wrote, with Go's own decoder.
func fromPNG(t testing.TB, data []byte) picture {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("reading a PNG back: %v", err)
	}
	return fromImage(decoded)
}

func fromImage(img image.Image) picture {
	b := img.Bounds()
	p := newPicture(b.Dx(), b.Dy())
	for y := range p.height {
		for x := range p.width {
			c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			at := (y*p.width + x) * 4
			p.pix[at], p.pix[at+1], p.pix[at+2], p.pix[at+3] = float64(c.R), float64(c.G), float64(c.B), float64(c.A)
		}
	}
	return p
}

// on lays the picture on an opaque colour.
func (p picture) on(c color.NRGBA) picture {
	out := newPicture(p.width, p.height)
	ground := [3]float64{float64(c.R), float64(c.G), float64(c.B)}
	for i := 0; i < len(p.pix); i += 4 {
		a := p.pix[i+3] / 255
		for k := range 3 {
			out.pix[i+k] = p.pix[i+k]*a + ground[k]*(1-a)
		}
		out.pix[i+3] = 255
	}
	return out
}

// lanczos reduces the picture at full precision: Lanczos with three lobes, stretched by the factor of reduction, on
// premultiplied pixels. It is the reference that variants are held against.
func (p picture) lanczos(width, height int) picture {
	return p.premultiplied(1).reduceX(width).turned().reduceX(height).turned().premultiplied(-1)
}

func (p picture) premultiplied(direction int) picture {
	out := newPicture(p.width, p.height)
	for i := 0; i < len(p.pix); i += 4 {
		a := p.pix[i+3] / 255
		out.pix[i+3] = p.pix[i+3]
		for k := range 3 {
			switch {
			case direction > 0:
				out.pix[i+k] = p.pix[i+k] * a
			case a > 0:
				out.pix[i+k] = p.pix[i+k] / a
			}
		}
	}
	return out
}

func (p picture) turned() picture {
	out := newPicture(p.height, p.width)
	for y := range p.height {
		for x := range p.width {
			copy(out.pix[(x*p.height+y)*4:][:4], p.pix[(y*p.width+x)*4:][:4])
		}
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func (p picture) reduceX(width int) picture {
	out := newPicture(width, p.height)
	factor := float64(p.width) / float64(width)
	stretch := math.Max(1, factor)
	for x := range width {
		centre := (float64(x)+0.5)*factor - 0.5
		first, last := int(math.Ceil(centre-3*stretch)), int(math.Floor(centre+3*stretch))
		weights, sum := make([]float64, last-first+1), 0.0
		for i := range weights {
			d := (float64(first+i) - centre) / stretch
			weights[i] = sinc(d) * sinc(d/3)
			sum += weights[i]
		}
		for y := range p.height {
			var acc [4]float64
			for i, w := range weights {
				from := p.pix[(y*p.width+min(max(first+i, 0), p.width-1))*4:][:4]
				for k := range acc {
					acc[k] += w * from[k]
				}
			}
			for k := range acc {
				out.pix[(y*width+x)*4+k] = math.Min(255, math.Max(0, acc[k]/sum))
			}
		}
	}
	return out
}

func (p picture) crop(left, top, width, height int) picture {
	out := newPicture(width, height)
	for y := range height {
		copy(out.pix[y*width*4:][:width*4], p.pix[((top+y)*p.width+left)*4:])
	}
	return out
}

// luma is Y' of BT.601.
func (p picture) luma() []float64 {
	y := make([]float64, p.width*p.height)
	for i := range y {
		y[i] = 0.299*p.pix[4*i] + 0.587*p.pix[4*i+1] + 0.114*p.pix[4*i+2]
	}
	return y
}

// difference is the mean and the largest absolute difference of opaque pictures' channels, 0 to 255.
func difference(a, b picture) (mean, largest float64) {
	for i := range a.pix {
		d := math.Abs(a.pix[i] - b.pix[i])
		mean += d
		largest = math.Max(largest, d)
	}
	return mean / float64(len(a.pix)), largest
}

// ssim is the mean structural similarity of two pictures' luma, with the Gaussian window of 11 x 11 pixels and sigma 1.5
// of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity",
// 2004.
func ssim(a, b picture) float64 {
	const c1, c2 = (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	x, y := a.luma(), b.luma()
	product := func(u, v []float64) []float64 {
		out := make([]float64, len(u))
		for i := range u {
			out[i] = u[i] * v[i]
		}
		return smooth(out, a.width, a.height)
	}
	xx, yy, xy := product(x, x), product(y, y), product(x, y)
	mx, my := smooth(x, a.width, a.height), smooth(y, a.width, a.height)
	sum := 0.0
	for i := range mx {
		vx, vy, cov := xx[i]-mx[i]*mx[i], yy[i]-my[i]*my[i], xy[i]-mx[i]*my[i]
		sum += (2*mx[i]*my[i] + c1) * (2*cov + c2) / ((mx[i]*mx[i] + my[i]*my[i] + c1) * (vx + vy + c2))
	}
	return sum / float64(len(mx))
}

// smooth blurs with the window of ssim; at the edges the window is cut and weighed anew.
func smooth(v []float64, width, height int) []float64 {
	var window [11]float64
	for i := range window {
		d := float64(i - 5)
		window[i] = math.Exp(-d * d / (2 * 1.5 * 1.5))
	}
	pass := func(in []float64, length, stride, lines, jump int) []float64 {
		out := make([]float64, len(in))
		for l := range lines {
			for i := range length {
				sum, weight := 0.0, 0.0
				for k, w := range window {
					if j := i + k - 5; j >= 0 && j < length {
						sum += w * in[l*jump+j*stride]
						weight += w
					}
				}
				out[l*jump+i*stride] = sum / weight
			}
		}
		return out
	}
	return pass(pass(v, width, 1, height, width), height, width, width, 1)
}
