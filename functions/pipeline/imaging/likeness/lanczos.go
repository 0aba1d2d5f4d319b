package likeness

import "math"

// lobes of the Lanczos filter on each side, as libvips' and sharp's default kernel has.
const lobes = 3

// Lanczos reduces the picture at full precision: a Lanczos filter of three lobes (Duchon, "Lanczos filtering in one and two
// dimensions", 1979), stretched by the factor of reduction, on premultiplied pixels, with no shrink-on-load before it and
// nothing rounded on the way. It is the reference that variants are held against.
func (p Picture) Lanczos(width, height int) Picture {
	source, out := p.premultiplied(), New(width, height)
	across, down := windows(p.Width, width), windows(p.Height, height)
	lines(height, func(y int) {
		reduceLine(out.line(y), source.mix(down[y]), across)
	})
	out.straighten()
	return out
}

// premultiplied is the picture itself where nothing shows through.
func (p Picture) premultiplied() Picture {
	if p.Opaque() {
		return p
	}
	out := New(p.Width, p.Height)
	for i := 0; i < len(p.Pix); i += 4 {
		in, to := p.Pix[i:i+4], out.Pix[i:i+4]
		a := in[3] / 255
		to[0], to[1], to[2], to[3] = in[0]*a, in[1]*a, in[2]*a, in[3]
	}
	return out
}

// straighten takes the alpha out of premultiplied colours, in place, and what the filter overshot out of all.
func (p Picture) straighten() {
	for i := 0; i < len(p.Pix); i += 4 {
		to := p.Pix[i : i+4]
		if a := to[3] / 255; a > 0 {
			to[0], to[1], to[2] = to[0]/a, to[1]/a, to[2]/a
		}
		for k := range to {
			to[k] = min(255, max(0, to[k]))
		}
	}
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
		low, high := int(math.Ceil(centre-lobes*stretch)), int(math.Floor(centre+lobes*stretch))
		first, last := max(low, 0), min(high, from-1)
		weights, sum := make([]float64, last-first+1), 0.0
		for at := low; at <= high; at++ {
			d := (float64(at) - centre) / stretch
			weight := sinc(d) * sinc(d/lobes)
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

// mix is one line made of many, as its window weighs them. It takes four of them at a time, since a sum that stays in a
// register need not be read and written for each, and adds in the order of the lines all the same.
func (p Picture) mix(w window) []float32 {
	to, k := make([]float32, p.Width*4), 0
	for ; k+4 <= len(w.weights); k += 4 {
		at, weights := w.first+k, w.weights[k:][:4]
		a, b, c, d := p.line(at)[:len(to)], p.line(at + 1)[:len(to)], p.line(at + 2)[:len(to)], p.line(at + 3)[:len(to)]
		wa, wb, wc, wd := weights[0], weights[1], weights[2], weights[3]
		for i, sum := range to {
			sum += wa * a[i]
			sum += wb * b[i]
			sum += wc * c[i]
			sum += wd * d[i]
			to[i] = sum
		}
	}
	for ; k < len(w.weights); k++ {
		weight := w.weights[k]
		for i, v := range p.line(w.first + k)[:len(to)] {
			to[i] += weight * v
		}
	}
	return to
}

// reduceLine makes every pixel of a shorter line of those in its window.
func reduceLine(to, from []float32, across []window) {
	for x, w := range across {
		var r, g, b, a float32
		at := from[w.first*4:][:len(w.weights)*4]
		for k, weight := range w.weights {
			pixel := at[4*k:][:4]
			r, g, b, a = r+weight*pixel[0], g+weight*pixel[1], b+weight*pixel[2], a+weight*pixel[3]
		}
		to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = r, g, b, a
	}
}
