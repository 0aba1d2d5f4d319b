package likeness

import (
	"math"
	"sync"
)

// Difference is the mean and the largest absolute difference of the channels, 0 to 255, of two opaque pictures of one size.
func Difference(a, b Picture) (mean, largest float64) {
	for i := range a.Pix {
		d := math.Abs(float64(a.Pix[i] - b.Pix[i]))
		mean += d
		largest = math.Max(largest, d)
	}
	return mean / float64(len(a.Pix)), largest
}

// The constants that keep SSIM's quotients steady where a picture is dark or plain: K1 and K2 of its paper, for 0 to 255.
const (
	c1 = (0.01 * 255) * (0.01 * 255)
	c2 = (0.03 * 255) * (0.03 * 255)
)

// SSIM is the mean structural similarity of the luma of two pictures of one size, 1 for the same, with the Gaussian window
// of 11 x 11 pixels and sigma 1.5 of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to
// structural similarity", 2004. Alpha does not count: lay pictures on a colour with On before.
func SSIM(a, b Picture) float64 {
	x, y := a.Luma(), b.Luma()
	var mx, my, xx, yy, xy []float64
	var all sync.WaitGroup
	all.Go(func() { mx = Smooth(x, a.Width, a.Height) })
	all.Go(func() { my = Smooth(y, a.Width, a.Height) })
	all.Go(func() { xx = Smooth(product(x, x), a.Width, a.Height) })
	all.Go(func() { yy = Smooth(product(y, y), a.Width, a.Height) })
	all.Go(func() { xy = Smooth(product(x, y), a.Width, a.Height) })
	all.Wait()
	sum := 0.0
	for i := range mx {
		vx, vy, cov := xx[i]-mx[i]*mx[i], yy[i]-my[i]*my[i], xy[i]-mx[i]*my[i]
		sum += (2*mx[i]*my[i] + c1) * (2*cov + c2) / ((mx[i]*mx[i] + my[i]*my[i] + c1) * (vx + vy + c2))
	}
	return sum / float64(len(mx))
}

func product(u, v []float64) []float64 {
	out := make([]float64, len(u))
	for i := range u {
		out[i] = u[i] * v[i]
	}
	return out
}
