package report_test

import (
	"math"
	"testing"

	"github.com/presize/presize/scripts/bench/report"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b) }

func TestMedianAndSpread(t *testing.T) {
	for _, c := range []struct {
		name           string
		values         []float64
		median, spread float64
	}{
		{"none", nil, math.NaN(), math.NaN()},
		{"one", []float64{7}, 7, 0},
		{"two", []float64{10, 20}, 15, 2.5 / 15},
		{"odd, in no order", []float64{9, 1, 5, 3, 7}, 5, 0.4},
		{"even", []float64{4, 1, 3, 2}, 2.5, 0.3},
		{"an outlier does not move it", []float64{10, 11, 12, 13, 9999}, 12, 1.0 / 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := report.Median(c.values); !near(got, c.median) {
				t.Errorf("median %v, want %v", got, c.median)
			}
			if got := report.Spread(c.values); !near(got, c.spread) {
				t.Errorf("spread %v, want %v", got, c.spread)
			}
		})
	}
	values := []float64{3, 1, 2}
	report.Median(values)
	if values[0] != 3 {
		t.Errorf("the samples' order has changed: %v", values)
	}
}

func TestGeometricMean(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, math.NaN()}, {[]float64{3}, 3}, {[]float64{2, 8}, 4}, {[]float64{0.5, 2}, 1}, {[]float64{1, 10, 100}, 10},
	} {
		if got := report.GeometricMean(c.values); !near(got, c.want) {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestPerMillion(t *testing.T) {
	// 1,769 MB are 1.7275390625 GB; 100 ms of them a million times are 172,753.90625 GB-seconds at $0.0000166667.
	const second = 1.7275390625 * 1e6 * 0.0000166667
	for _, c := range []struct {
		name        string
		wall        float64
		requests    map[string]int
		compute, s3 float64
	}{
		{"time alone, and Lambda's request", 100, nil, 0.1*second + 0.20, 0},
		{"whole milliseconds", 99.01, nil, 0.1*second + 0.20, 0},
		{"reading", 1000, map[string]int{"GET": 1, "HEAD": 2}, second + 0.20, 1.20},
		{"writing", 1000, map[string]int{"PUT": 4, "COPY": 1, "POST": 1}, second + 0.20, 30},
		{"listing", 1000, map[string]int{"LIST": 1}, second + 0.20, 5},
		{"deleting is free", 1000, map[string]int{"DELETE": 7}, second + 0.20, 0},
		{"all of it", 1000, map[string]int{"GET": 1, "HEAD": 2, "PUT": 4, "LIST": 1, "DELETE": 1}, second + 0.20, 26.20},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := report.PerMillion(c.wall, c.requests)
			if err != nil {
				t.Fatal(err)
			}
			if !near(got.Compute, c.compute) || !near(got.Requests, c.s3) || !near(got.Total(), c.compute+c.s3) {
				t.Errorf("%+v, want %v and %v", got, c.compute, c.s3)
			}
		})
	}
}
