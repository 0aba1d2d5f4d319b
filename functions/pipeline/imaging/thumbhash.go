package imaging

import "math"

// miniature is a small picture: straight RGBA, four bytes to a pixel, row by row.
type miniature struct {
	width, height int
	rgba          []uint8
}

// repeated is the same picture with n x n pixels for each.
func (m miniature) repeated(n int) miniature {
	out := miniature{n * m.width, n * m.height, make([]uint8, 0, n*n*len(m.rgba))}
	for y := range out.height {
		for x := range out.width {
			out.rgba = append(out.rgba, m.rgba[4*(y/n*m.width+x/n):][:4]...)
		}
	}
	return out
}

// thumbHash is the picture in 17 to 25 bytes: the format of https://evanw.github.io/thumbhash/.
//
// It is one row of fields of a few bits: the mean and the range of lightness, yellow against blue, and red against
// green; the shape; with transparency the mean and the range of alpha; and then, in 4 bits each, how much there is of
// every low frequency.
func thumbHash(m miniature) []byte {
	channels, transparent := m.lightness()
	longest, finest := max(m.width, m.height), 7.0
	if transparent {
		finest = 5 // alpha takes the room
	}
	columns := max(1, int(math.Round(finest*float64(m.width)/float64(longest))))
	rows := max(1, int(math.Round(finest*float64(m.height)/float64(longest))))
	light := m.frequencies(channels[0], max(3, columns), max(3, rows))
	yellowBlue, redGreen := m.frequencies(channels[1], 3, 3), m.frequencies(channels[2], 3, 3)
	parts := []frequencies{light, yellowBlue, redGreen}

	var hash fields
	hash.share(light.mean, 6)
	hash.put(int(math.Round(31.5+float64(31.5*yellowBlue.mean))), 6)
	hash.put(int(math.Round(31.5+float64(31.5*redGreen.mean))), 6)
	hash.share(light.scale, 5)
	hash.flag(transparent)
	if m.width > m.height {
		hash.put(rows, 3)
	} else {
		hash.put(columns, 3)
	}
	hash.share(yellowBlue.scale, 6)
	hash.share(redGreen.scale, 6)
	hash.flag(m.width > m.height)
	if transparent {
		alpha := m.frequencies(channels[3], 5, 5)
		hash.share(alpha.mean, 4)
		hash.share(alpha.scale, 4)
		parts = append(parts, alpha)
	}
	for _, part := range parts {
		for _, v := range part.varying {
			hash.share(v, 4)
		}
	}
	return hash.bytes
}

// lightness splits the pixels, laid on their mean colour, into lightness, yellow against blue, red against green, and
// alpha. What is hidden does not count. The conversions keep processors from fusing a product with a sum, and so from
// rounding differently.
func (m miniature) lightness() (channels [4][]float64, transparent bool) {
	count := m.width * m.height
	var mean [3]float64
	visible := 0.0
	for i := range count {
		pixel := m.rgba[4*i:][:4]
		alpha := float64(pixel[3]) / 255
		for k := range mean {
			mean[k] += float64(alpha / 255 * float64(pixel[k]))
		}
		visible += alpha
	}
	for k := range mean {
		if visible > 0 {
			mean[k] /= visible
		}
	}
	for k := range channels {
		channels[k] = make([]float64, count)
	}
	for i := range count {
		pixel := m.rgba[4*i:][:4]
		alpha := float64(pixel[3]) / 255
		var c [3]float64
		for k := range c {
			c[k] = float64(mean[k]*(1-alpha)) + float64(alpha/255*float64(pixel[k]))
		}
		channels[0][i] = (c[0] + c[1] + c[2]) / 3
		channels[1][i] = (c[0]+c[1])/2 - c[2]
		channels[2][i] = c[0] - c[1]
		channels[3][i] = alpha
	}
	return channels, visible < float64(count)
}

// frequencies are what a channel is made of: its mean, and of each of the lowest cosines a share from 0 to 1, where 0.5
// is nothing of it and the ends are scale, the largest.
type frequencies struct {
	mean, scale float64
	varying     []float64
}

// nothing is what rounding leaves of a frequency that is not there; one pixel of 100 x 100 that differs by 1 of 255 is
// some 1e-7. Without it the last bit of a cosine, which processors and libraries see differently, would decide what a
// picture of one colour hashes to.
const nothing = 1e-12

// frequencies takes those of a discrete cosine transform below the diagonal from (nx, 0) to (0, ny).
func (m miniature) frequencies(channel []float64, nx, ny int) frequencies {
	var f frequencies
	across, down := cosines(nx, m.width), cosines(ny, m.height)
	for cy := range ny {
		for cx := 0; cx*ny < nx*(ny-cy); cx++ {
			sum := 0.0
			for y, fy := range down[cy] {
				for x, v := range channel[y*m.width:][:m.width] {
					sum += v * across[cx][x] * fy
				}
			}
			sum /= float64(m.width * m.height)
			if cx == 0 && cy == 0 {
				f.mean = sum
				continue
			}
			if math.Abs(sum) < nothing {
				sum = 0
			}
			f.varying = append(f.varying, sum)
			f.scale = math.Max(f.scale, math.Abs(sum))
		}
	}
	if f.scale > 0 {
		for i, v := range f.varying {
			f.varying[i] = 0.5 + 0.5/f.scale*v
		}
	}
	return f
}

// cosines are the n slowest over length pixels, taken at the pixels' centres.
func cosines(n, length int) [][]float64 {
	waves := make([][]float64, n)
	for c := range waves {
		waves[c] = make([]float64, length)
		for i := range waves[c] {
			waves[c][i] = math.Cos(math.Pi / float64(length) * float64(c) * (float64(i) + 0.5))
		}
	}
	return waves
}

// fields are numbers of a few bits each, the lowest bits first.
type fields struct {
	bytes []byte
	free  int // bits of the last byte
}

func (f *fields) put(value, bits int) {
	for i := range bits {
		if f.free == 0 {
			f.bytes, f.free = append(f.bytes, 0), 8
		}
		f.bytes[len(f.bytes)-1] |= byte(value>>i&1) << (8 - f.free)
		f.free--
	}
}

// share puts a number from 0 to 1.
func (f *fields) share(v float64, bits int) {
	f.put(int(math.Round(v*float64(int(1)<<bits-1))), bits)
}

func (f *fields) flag(set bool) {
	if set {
		f.put(1, 1)
		return
	}
	f.put(0, 1)
}
