package report_test

import (
	"strings"
	"testing"

	"github.com/presize/presize/scripts/bench/report"
	"github.com/presize/presize/scripts/bench/result"
)

// cellsOf makes cells of one sample each: CPU ms by file, in order; 0 is what the contestant cannot.
func cellsOf(run *result.Run, contestant string, cpu ...float64) {
	for i, ms := range cpu {
		name := string(rune('a'+i)) + ".jpg"
		if len(run.Files) <= i {
			run.Files = append(run.Files, result.File{Name: name, Path: "/" + name, Width: 6000, Height: 4000})
		}
		c := result.Cell{File: name, Contestant: contestant, Cannot: "cannot"}
		if ms > 0 {
			c.Cannot, c.Samples, c.Peaks = "", []result.Sample{{CPU: ms, Wall: ms}}, []int64{int64(ms)}
		}
		run.Cells = append(run.Cells, c)
	}
}

func colds(ours, theirs float64) []result.Cold {
	return []result.Cold{
		{File: "a.jpg", Contestant: "presize", Cache: "warm", Samples: []float64{ours}},
		{File: "a.jpg", Contestant: "node-sharp", Cache: "warm", Samples: []float64{theirs}},
	}
}

// TestTargets takes each target to its border.
func TestTargets(t *testing.T) {
	for _, c := range []struct {
		name   string
		target string // begins so
		cells  map[string][]float64
		cold   []result.Cold
		state  string
		figure string
	}{
		{"blog at 3", "CPU: blog's", map[string][]float64{"presize": {1, 1}, "blog": {3, 3}}, nil, report.Met, "3.00 over 2 files"},
		{"blog just below", "CPU: blog's", map[string][]float64{"presize": {1}, "blog": {2.999}}, nil, report.NotMet, "2.999 over 1 file"},
		{"blog by a mean", "CPU: blog's", map[string][]float64{"presize": {10, 10}, "blog": {20, 80}}, nil, report.Met, "4.00 over 2 files"},
		{"what one cannot does not count", "CPU: blog's", map[string][]float64{"presize": {10, 10, 0}, "blog": {40, 0, 10}}, nil, report.Met, "4.00 over 1 file"},
		{"nothing in common", "CPU: blog's", map[string][]float64{"presize": {10, 0}, "blog": {0, 10}}, nil, report.NotMeasured, ""},
		{"sharp-once at 1.3", "CPU: sharp-once's", map[string][]float64{"presize": {10}, "sharp-once": {13}}, nil, report.Met, "1.30 over 1 file"},
		{"sharp-once below", "CPU: sharp-once's", map[string][]float64{"presize": {10}, "sharp-once": {12.9}}, nil, report.NotMet, "1.29 over 1 file"},
		{"as fast is not slower", "CPU: slower", map[string][]float64{"presize": {10, 10}, "blog": {10, 20}, "sharp-once": {12, 12}}, nil, report.Met, "the least is 1.00, blog, a.jpg"},
		{"slower on one", "CPU: slower", map[string][]float64{"presize": {10, 10}, "blog": {30, 30}, "sharp-once": {9.5, 30}}, nil, report.NotMet, "sharp-once 0.95, a.jpg"},
		{"a hair slower", "CPU: slower", map[string][]float64{"presize": {10}, "blog": {9.999}}, nil, report.NotMet, "blog 0.9999, a.jpg"},
		{"not rendering is no way out", "CPU: slower", map[string][]float64{"presize": {10, 0}, "blog": {30, 30}}, nil, report.NotMet, "blog renders what Presize does not, b.jpg"},
		{"floor at 1.1", "CPU: Presize's by the floor's, geometric", map[string][]float64{"presize": {110}, "floor": {100}}, nil, report.Met, "1.10 over 1 file"},
		{"floor above", "CPU: Presize's by the floor's, geometric", map[string][]float64{"presize": {110.1}, "floor": {100}}, nil, report.NotMet, "1.101 over 1 file"},
		{"the worst file", "CPU: Presize's by the floor's, worst", map[string][]float64{"presize": {90, 120}, "floor": {100, 100}}, nil, report.NotMet, "1.20, b.jpg"},
		{"peak at half", "peak RSS", map[string][]float64{"presize": {50}, "blog": {100}}, nil, report.Met, "0.50, a.jpg"},
		{"peak above", "peak RSS", map[string][]float64{"presize": {10, 51}, "blog": {100, 100}}, nil, report.NotMet, "0.51, b.jpg"},
		{"two cores at 0.6", "wall:", map[string][]float64{"presize": {100}, "presize-2-cores": {60}}, nil, report.Met, "0.60 over 1 file"},
		{"two cores above", "wall:", map[string][]float64{"presize": {100}, "presize-2-cores": {61}}, nil, report.NotMet, "0.61 over 1 file"},
		{"cold at half", "cold start, warm", nil, colds(70, 140), report.Met, "0.50, 70 ms and 140 ms, a.jpg"},
		{"cold above", "cold start, warm", nil, colds(71, 140), report.NotMet, "0.51, 71 ms and 140 ms, a.jpg"},
		{"cold of one alone", "cold start, warm", nil, colds(71, 140)[:1], report.NotMeasured, ""},
		{"cold of the other cache", "cold start, cold", nil, colds(70, 140), report.NotMeasured, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := &result.Run{Cold: c.cold}
			for name, cpu := range c.cells {
				cellsOf(run, name, cpu...)
			}
			found := false
			for _, got := range report.Targets(run) {
				if !strings.HasPrefix(got.What, c.target) {
					continue
				}
				found = true
				if got.State != c.state || got.Figure != c.figure {
					t.Errorf("%s: %s: %q, want %s: %q", got.What, got.State, got.Figure, c.state, c.figure)
				}
			}
			if !found {
				t.Errorf("no target %q", c.target)
			}
		})
	}
}

// TestLargeJPEG: the peak of memory is that of JPEGs of 24 megapixels only.
func TestLargeJPEG(t *testing.T) {
	run := &result.Run{}
	cellsOf(run, "presize", 99, 10, 20)
	cellsOf(run, "blog", 100, 100, 100)
	run.Files[0].Width = 4000
	run.Files[1].Path = "/b.webp"
	for _, got := range report.Targets(run) {
		if strings.HasPrefix(got.What, "peak RSS") && got.Figure != "0.20, c.jpg" {
			t.Errorf("%+v, want c.jpg's", got)
		}
	}
}

// TestEqualSSIM is a mean over presets and then over files, without what could not be compared.
func TestEqualSSIM(t *testing.T) {
	run := &result.Run{Files: []result.File{{Name: "a"}, {Name: "b"}, {Name: "c"}}, Equal: []result.Equal{
		{File: "a", Preset: "small", Contestant: "blog", Ratio: 0.5}, {File: "a", Preset: "large", Contestant: "blog", Ratio: 0.5},
		{File: "b", Preset: "small", Contestant: "blog", Ratio: 2}, {File: "b", Preset: "large", Contestant: "blog", Cannot: "outside"},
		{File: "c", Preset: "small", Contestant: "blog", Cannot: "outside"}, {File: "c", Preset: "small", Contestant: "jimp", Ratio: 9},
	}}
	for _, got := range report.Targets(run) {
		if strings.HasPrefix(got.What, "bytes at equal SSIM: Presize's by blog's") && (got.State != report.Information || got.Figure != "1.000 over 2 files") {
			t.Errorf("%+v, want 1.000 over 2 files", got)
		}
	}
}
