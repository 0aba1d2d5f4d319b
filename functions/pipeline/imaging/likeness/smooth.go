package likeness

import "math"

// reach of SSIM's window on each side, in pixels, and its sigma.
const (
	reach = 5
	sigma = 1.5
)

// gauss is the window, of which the middle is 1.
var gauss = func() (weights [2*reach + 1]float64) {
	for i := range weights {
		d := float64(i - reach)
		weights[i] = math.Exp(-d * d / (2 * sigma * sigma))
	}
	return weights
}()

// whole is what the window weighs where nothing cuts it.
var whole = func() (sum float64) {
	for _, weight := range gauss {
		sum += weight
	}
	return sum
}()

// Smooth blurs a plane of width x height numbers with SSIM's window; at the edges the window is cut and weighed anew.
func Smooth(plane []float64, width, height int) []float64 {
	across, out := make([]float64, len(plane)), make([]float64, len(plane))
	for y := range height {
		smoothLine(across[y*width:][:width], plane[y*width:][:width])
	}
	for y := range height {
		if to := out[y*width:][:width]; y >= reach && y < height-reach {
			smoothDown(to, across[(y-reach)*width:])
		} else {
			smoothEdge(to, across, y, height)
		}
	}
	return out
}

func smoothLine(to, from []float64) {
	for x := range to {
		if x >= reach && x < len(from)-reach {
			at := from[x-reach:][:len(gauss)]
			sum := gauss[0] * at[0]
			sum += gauss[1] * at[1]
			sum += gauss[2] * at[2]
			sum += gauss[3] * at[3]
			sum += gauss[4] * at[4]
			sum += gauss[5] * at[5]
			sum += gauss[6] * at[6]
			sum += gauss[7] * at[7]
			sum += gauss[8] * at[8]
			sum += gauss[9] * at[9]
			sum += gauss[10] * at[10]
			to[x] = sum / whole
			continue
		}
		sum, total := 0.0, 0.0
		for at := max(0, x-reach); at <= min(len(from)-1, x+reach); at++ {
			weight := gauss[at-x+reach]
			sum += weight * from[at]
			total += weight
		}
		to[x] = sum / total
	}
}

// smoothDown makes a line of the window's lines, which begin at from and lie one below the other.
func smoothDown(to, from []float64) {
	n := len(to)
	a, b, c, d := from[:n], from[n:][:n], from[2*n:][:n], from[3*n:][:n]
	e, f, g, h := from[4*n:][:n], from[5*n:][:n], from[6*n:][:n], from[7*n:][:n]
	i, j, k := from[8*n:][:n], from[9*n:][:n], from[10*n:][:n]
	for x := range to {
		sum := gauss[0] * a[x]
		sum += gauss[1] * b[x]
		sum += gauss[2] * c[x]
		sum += gauss[3] * d[x]
		sum += gauss[4] * e[x]
		sum += gauss[5] * f[x]
		sum += gauss[6] * g[x]
		sum += gauss[7] * h[x]
		sum += gauss[8] * i[x]
		sum += gauss[9] * j[x]
		sum += gauss[10] * k[x]
		to[x] = sum / whole
	}
}

// smoothEdge makes the line y of those of the window's lines that there are.
func smoothEdge(to, from []float64, y, height int) {
	total := 0.0
	for at := max(0, y-reach); at <= min(height-1, y+reach); at++ {
		weight := gauss[at-y+reach]
		total += weight
		for x, v := range from[at*len(to):][:len(to)] {
			to[x] += weight * v
		}
	}
	for x := range to {
		to[x] /= total
	}
}
