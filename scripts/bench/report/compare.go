package report

import (
	"cmp"
	"slices"

	"github.com/presize/presize/scripts/bench/result"
)

// The contestants that something is said of by name; result.Contestant lists all.
const (
	presize      = "presize"
	presizeCores = "presize-2-cores"
	blog         = "blog"
	blogParallel = "blog-parallel"
	sharpOnce    = "sharp-once"
	bimg         = "bimg"
	jimp         = "jimp"
	floor        = "floor"
	nodeSharp    = "node-sharp" // of cold starts
)

// measure is one figure of a cell; ok is false where there is none.
type measure func(result.Cell) (value float64, ok bool)

func cpu(s result.Sample) float64  { return s.CPU }
func wall(s result.Sample) float64 { return s.Wall }

func values(samples []result.Sample, of func(result.Sample) float64) []float64 {
	all := make([]float64, len(samples))
	for i, s := range samples {
		all[i] = of(s)
	}
	return all
}

// median is that of a cell's samples, where they count.
func median(of func(result.Sample) float64) measure {
	return func(c result.Cell) (float64, bool) {
		return Median(values(c.Samples, of)), c.Cannot == "" && len(c.Samples) > 0
	}
}

// peak is a cell's peak RSS in MiB.
func peak(c result.Cell) (float64, bool) {
	return Median(mebibytes(c.Peaks)), c.Cannot == "" && len(c.Peaks) > 0
}

func mebibytes(bytes []int64) []float64 {
	all := make([]float64, len(bytes))
	for i, n := range bytes {
		all[i] = float64(n) / (1 << 20)
	}
	return all
}

// Ratio is one file's.
type Ratio struct {
	File  string
	Value float64
}

// Ratios are those of the files that have one, in the run's order.
type Ratios []Ratio

// GeometricMean of the ratios; NaN of none.
func (r Ratios) GeometricMean() float64 {
	all := make([]float64, len(r))
	for i, one := range r {
		all[i] = one.Value
	}
	return GeometricMean(all)
}

func (r Ratios) least() Ratio { return slices.MinFunc(r, byValue) }
func (r Ratios) most() Ratio  { return slices.MaxFunc(r, byValue) }

func byValue(a, b Ratio) int { return cmp.Compare(a.Value, b.Value) }

// of is the ratio of one file.
func (r Ratios) of(file string) (float64, bool) {
	i := slices.IndexFunc(r, func(one Ratio) bool { return one.File == file })
	if i < 0 {
		return 0, false
	}
	return r[i].Value, true
}

// compare divides a contestant's figure by another's, on every file where both have one above 0.
func compare(run *result.Run, of measure, contestant, by string) Ratios {
	var all Ratios
	for _, file := range run.Files {
		a, b := cell(run, file.Name, contestant), cell(run, file.Name, by)
		if a == nil || b == nil {
			continue
		}
		x, ok := of(*a)
		y, too := of(*b)
		if ok && too && x > 0 && y > 0 {
			all = append(all, Ratio{file.Name, x / y})
		}
	}
	return all
}

// cell finds what a contestant did with a file; nil where it was not asked.
func cell(run *result.Run, file, contestant string) *result.Cell {
	i := slices.IndexFunc(run.Cells, func(c result.Cell) bool { return c.File == file && c.Contestant == contestant })
	if i < 0 {
		return nil
	}
	return &run.Cells[i]
}

// names of all contestants, in the run's order.
func names(run *result.Run) []string {
	var all []string
	for _, c := range run.Contestants {
		all = append(all, c.Name)
	}
	return all
}

// peers are all but Presize itself.
func peers(run *result.Run) []string {
	return slices.DeleteFunc(names(run), func(name string) bool { return name == presize || name == presizeCores })
}

// equal is bytes at equal SSIM by a peer's: on each file the geometric mean over its presets.
func equal(run *result.Run, contestant string) Ratios {
	var all Ratios
	for _, file := range run.Files {
		if some := equalOf(run, file.Name, contestant); len(some) > 0 {
			all = append(all, Ratio{file.Name, GeometricMean(some)})
		}
	}
	return all
}

func equalOf(run *result.Run, file, contestant string) []float64 {
	var some []float64
	for _, e := range run.Equal {
		if e.File == file && e.Contestant == contestant && e.Cannot == "" && e.Ratio > 0 {
			some = append(some, e.Ratio)
		}
	}
	return some
}
