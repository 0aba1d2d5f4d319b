package quality

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Point is what one quality gives.
type Point struct {
	SSIM  float64
	Bytes int64
}

// BytesAt is how many bytes a curve has at an SSIM: between the two neighbours around it the logarithm of the bytes is taken
// to be a line. The error says that no two neighbours lie around it; nothing is extrapolated.
func BytesAt(curve []Point, ssim float64) (float64, error) {
	byBytes := slices.SortedFunc(slices.Values(curve), func(a, b Point) int {
		return cmp.Or(cmp.Compare(a.Bytes, b.Bytes), cmp.Compare(a.SSIM, b.SSIM))
	})
	for i := 1; i < len(byBytes); i++ {
		a, b := byBytes[i-1], byBytes[i]
		if a.SSIM > ssim || ssim > b.SSIM {
			continue
		}
		if a.SSIM == b.SSIM {
			return float64(a.Bytes), nil
		}
		part := (ssim - a.SSIM) / (b.SSIM - a.SSIM)
		least, most := math.Log(float64(a.Bytes)), math.Log(float64(b.Bytes))
		return math.Exp(least + part*(most-least)), nil
	}
	if len(byBytes) == 0 {
		return 0, fmt.Errorf("no variant of Presize's to compare with SSIM %.4f", ssim)
	}
	first, last := byBytes[0], byBytes[len(byBytes)-1]
	return 0, fmt.Errorf("the peer's SSIM %.4f is outside of Presize's %.4f to %.4f", ssim, first.SSIM, last.SSIM)
}
