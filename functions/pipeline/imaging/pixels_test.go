package imaging_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"testing"
)

// picture holds pixels as straight RGBA, 0 to 255, four to a pixel.
type picture struct {
	width, height int
	pix           []float32
}

func newPicture(width, height int) picture {
	return picture{width, height, make([]float32, width*height*4)}
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
	straight, ok := img.(*image.NRGBA)
	if !ok {
		straight = image.NewNRGBA(b)
		draw.Draw(straight, b, img, b.Min, draw.Src)
	}
	p := newPicture(b.Dx(), b.Dy())
	for y := range p.height {
		for i, v := range straight.Pix[y*straight.Stride:][:p.width*4] {
			p.pix[y*p.width*4+i] = float32(v)
		}
	}
	return p
}

// grounds are what pictures with transparency are laid on to be compared: what is hidden must not count.
var grounds = map[string]color.NRGBA{
	"white": {255, 255, 255, 255}, "black": {0, 0, 0, 255}, "orange": {240, 120, 20, 255},
}

// on lays the picture on an opaque colour.
func (p picture) on(c color.NRGBA) picture {
	out := newPicture(p.width, p.height)
	ground := [3]float32{float32(c.R), float32(c.G), float32(c.B)}
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
// premultiplied pixels, with nothing rounded on the way. It is the reference that variants are held against.
func (p picture) lanczos(width, height int) picture {
	return p.premultiplied().reduceY(height).reduceX(width).straight()
}

func (p picture) premultiplied() picture {
	out := newPicture(p.width, p.height)
	for i := 0; i < len(p.pix); i += 4 {
		in, to := p.pix[i:i+4], out.pix[i:i+4]
		a := in[3] / 255
		to[0], to[1], to[2], to[3] = in[0]*a, in[1]*a, in[2]*a, in[3]
	}
	return out
}

func (p picture) straight() picture {
	for i := 0; i < len(p.pix); i += 4 {
		to := p.pix[i : i+4]
		if a := to[3] / 255; a > 0 {
			to[0], to[1], to[2] = to[0]/a, to[1]/a, to[2]/a
		}
		for k := range to {
			to[k] = min(255, max(0, to[k]))
		}
	}
	return p
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// window is what one pixel of a reduced line is made of: weights that add up to one, from the pixel first on.
type window struct {
	first   int
	weights []float32
}

// windows are those of a whole line; beyond its ends the outermost pixels go on.
func windows(from, to int) []window {
	factor := float64(from) / float64(to)
	stretch := math.Max(1, factor)
	all := make([]window, to)
	for i := range all {
		centre := (float64(i)+0.5)*factor - 0.5
		low, high := int(math.Ceil(centre-3*stretch)), int(math.Floor(centre+3*stretch))
		first, last := max(low, 0), min(high, from-1)
		weights, sum := make([]float64, last-first+1), 0.0
		for at := low; at <= high; at++ {
			d := (float64(at) - centre) / stretch
			weight := sinc(d) * sinc(d/3)
			weights[min(max(at, first), last)-first] += weight
			sum += weight
		}
		all[i] = window{first, make([]float32, len(weights))}
		for k, weight := range weights {
			all[i].weights[k] = float32(weight / sum)
		}
	}
	return all
}

func (p picture) reduceY(height int) picture {
	out, stride := newPicture(p.width, height), p.width*4
	for y, w := range windows(p.height, height) {
		to := out.pix[y*stride:][:stride]
		for k, weight := range w.weights {
			for i, v := range p.pix[(w.first+k)*stride:][:stride] {
				to[i] += weight * v
			}
		}
	}
	return out
}

func (p picture) reduceX(width int) picture {
	out, all := newPicture(width, p.height), windows(p.width, width)
	for y := range p.height {
		line, to := p.pix[y*p.width*4:][:p.width*4], out.pix[y*width*4:][:width*4]
		for x, w := range all {
			var r, g, b, a float32
			for k, weight := range w.weights {
				from := line[(w.first+k)*4:][:4]
				r, g, b, a = r+weight*from[0], g+weight*from[1], b+weight*from[2], a+weight*from[3]
			}
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = r, g, b, a
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
		y[i] = 0.299*float64(p.pix[4*i]) + 0.587*float64(p.pix[4*i+1]) + 0.114*float64(p.pix[4*i+2])
	}
	return y
}

// difference is the mean and the largest absolute difference of opaque pictures' channels, 0 to 255.
func difference(a, b picture) (mean, largest float64) {
	for i := range a.pix {
		d := math.Abs(float64(a.pix[i] - b.pix[i]))
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
	var weights [11]float64
	for i := range weights {
		d := float64(i - 5)
		weights[i] = math.Exp(-d * d / (2 * 1.5 * 1.5))
	}
	pass := func(in []float64, length, stride, lines, jump int) []float64 {
		out := make([]float64, len(in))
		for l := range lines {
			for i := range length {
				sum, weight := 0.0, 0.0
				for k, w := range weights {
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
