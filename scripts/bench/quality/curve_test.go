package quality_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/bench/quality"
)

func TestBytesAt(t *testing.T) {
	// Bytes double with every step of 0.01.
	curve := []quality.Point{{0.95, 1000}, {0.96, 2000}, {0.97, 4000}, {0.98, 8000}}
	for _, c := range []struct {
		name  string
		curve []quality.Point
		ssim  float64
		want  float64
	}{
		{"at a point", curve, 0.97, 4000},
		{"at the first", curve, 0.95, 1000},
		{"at the last", curve, 0.98, 8000},
		{"half way the logarithm counts", curve, 0.965, 2000 * math.Sqrt2},
		{"in any order", []quality.Point{curve[2], curve[0], curve[3], curve[1]}, 0.965, 2000 * math.Sqrt2},
		{"points that stand twice", append(slices.Clone(curve), curve[1], curve[2]), 0.965, 2000 * math.Sqrt2},
		{"where more bytes look no better, the fewest", []quality.Point{{0.9, 100}, {0.95, 200}, {0.95, 400}, {0.99, 800}}, 0.95, 200},
		{"past a dip", []quality.Point{{0.9, 100}, {0.95, 200}, {0.94, 300}, {0.97, 400}}, 0.96, 300 * math.Pow(4.0/3, 2.0/3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := quality.BytesAt(c.curve, c.ssim)
			if err != nil || math.Abs(got-c.want) > 1e-6*c.want {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
		})
	}
	for _, c := range []struct {
		name  string
		curve []quality.Point
		ssim  float64
		want  string
	}{
		{"below", curve, 0.9499, "SSIM 0.9499 is outside of Presize's 0.9500 to 0.9800"},
		{"above", curve, 0.9801, "SSIM 0.9801 is outside"},
		{"one point is no curve", curve[:1], 0.96, "outside"},
		{"none", nil, 0.96, "no variant"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := quality.BytesAt(c.curve, c.ssim); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, %v; want an error with %q", got, err, c.want)
			}
		})
	}
}
