package report

import (
	"fmt"
	"math"
	"strconv"
)

func state(met bool) string {
	if met {
		return Met
	}
	return NotMet
}

func atLeast(what string, r Ratios, bound float64) Target {
	what = fmt.Sprintf("%s, at least %.2f", what, bound)
	if len(r) == 0 {
		return Target{what, NotMeasured, ""}
	}
	mean := r.GeometricMean()
	return Target{what, state(mean >= bound-hair), shown(mean, bound) + " over " + files(len(r))}
}

func atMost(what string, r Ratios, bound float64) Target {
	what = fmt.Sprintf("%s, at most %.2f", what, bound)
	if len(r) == 0 {
		return Target{what, NotMeasured, ""}
	}
	mean := r.GeometricMean()
	return Target{what, state(mean <= bound+hair), shown(mean, bound) + " over " + files(len(r))}
}

func worst(what string, r Ratios, bound float64) Target {
	what = fmt.Sprintf("%s, at most %.2f", what, bound)
	if len(r) == 0 {
		return Target{what, NotMeasured, ""}
	}
	one := r.most()
	return Target{what, state(one.Value <= bound+hair), shown(one.Value, bound) + ", " + one.File}
}

func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

// shown is a ratio with two decimals, or with as many as it takes to lie on the side of the bound where it lies: 2.996 must
// not read as 3.00, NOT met.
func shown(v, bound float64) string {
	for decimals := 2; ; decimals++ {
		text := strconv.FormatFloat(v, 'f', decimals, 64)
		rounded, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(v-bound) <= hair || (rounded < bound) == (v < bound) && rounded != bound || decimals == most {
			return text
		}
	}
}

// most decimals of a figure.
const most = 6

// hair is what the rounding of a mean of logarithms may take from a figure that is the bound.
const hair = 1e-9
