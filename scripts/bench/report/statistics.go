package report

import (
	"math"
	"slices"
)

// Median is the middle value, or the mean of the middle two; NaN of none.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Quantile is the value below which a part (0 to 1) of the values lies, on straight lines between neighbours (type 7 of
// Hyndman and Fan, "Sample quantiles in statistical packages", 1996); NaN of none.
func Quantile(values []float64, part float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	place := part * float64(len(sorted)-1)
	low := int(place)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (place-float64(low))*(sorted[high]-sorted[low])
}

// Spread is half of the distance between the quartiles by the median: 0.02 means that half of the values lie within about
// 2 % of it. It is NaN of none.
func Spread(values []float64) float64 {
	return (Quantile(values, 0.75) - Quantile(values, 0.25)) / 2 / Median(values)
}

// GeometricMean is of positive values; NaN of none.
func GeometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}
