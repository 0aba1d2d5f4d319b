package report

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// The states of a target.
const (
	Met         = "met"
	NotMet      = "NOT met"
	NotMeasured = "not measured"
	Information = "information" // no target, worth a line
)

// Target is what was promised, and what came of it.
type Target struct {
	What   string
	State  string
	Figure string
}

// What was promised. A ratio "at least" is a peer's CPU time by Presize's, one "at most" is Presize's by another's.
const (
	leastBlog   = 3.0
	leastSharp  = 1.3
	mostFloor   = 1.10
	mostCold    = 0.5
	mostPeak    = 0.5
	mostTwoCore = 0.6
)

// Targets says of each whether it was met.
func Targets(run *result.Run) []Target {
	vsFloor := compare(run, median(cpu), presize, floor)
	all := []Target{
		atLeast("CPU: blog's by Presize's, geometric mean", compare(run, median(cpu), blog, presize), leastBlog),
		atLeast("CPU: sharp-once's by Presize's, geometric mean", compare(run, median(cpu), sharpOnce, presize), leastSharp),
		neverSlower(run),
		atMost("CPU: Presize's by the floor's, geometric mean", vsFloor, mostFloor),
		worst("CPU: Presize's by the floor's, worst file", vsFloor, mostFloor),
		cold(run, "warm"),
		cold(run, "cold"),
		worst("peak RSS, a JPEG of 24 megapixels: Presize's by blog's", large(run, compare(run, peak, presize, blog)), mostPeak),
		atMost("wall: Presize's on two cores by its own on one, geometric mean",
			compare(run, median(wall), presizeCores, presize), mostTwoCore),
	}
	for _, name := range []string{blog, sharpOnce} {
		all = append(all, information(name, equal(run, name)))
	}
	return all
}

// neverSlower names every file on which blog or sharp-once is faster, or which Presize alone does not render.
func neverSlower(run *result.Run) Target {
	what := "CPU: slower than blog and sharp-once on no file"
	var against []string
	compared := Ratios{}
	for _, name := range []string{blog, sharpOnce} {
		ratios := compare(run, median(cpu), name, presize)
		for _, r := range ratios {
			compared = append(compared, Ratio{name + ", " + r.File, r.Value})
			if r.Value < 1-hair {
				against = append(against, fmt.Sprintf("%s %s, %s", name, shown(r.Value, 1), r.File))
			}
		}
		for _, file := range run.Files {
			theirs, ours := cell(run, file.Name, name), cell(run, file.Name, presize)
			if theirs != nil && counts(theirs) && (ours == nil || !counts(ours)) {
				against = append(against, fmt.Sprintf("%s renders what Presize does not, %s", name, file.Name))
			}
		}
	}
	switch {
	case len(against) > 0:
		return Target{what, NotMet, strings.Join(against, "; ")}
	case len(compared) == 0:
		return Target{what, NotMeasured, ""}
	}
	least := compared.least()
	return Target{what, Met, fmt.Sprintf("the least is %s, %s", shown(least.Value, 1), least.File)}
}

func counts(c *result.Cell) bool { return c.Cannot == "" && len(c.Samples) > 0 }

// cold compares cold starts file by file: the worst of them counts.
func cold(run *result.Run, cache string) Target {
	what := fmt.Sprintf("cold start, %s files: Presize's by Node with sharp's, worst file", cache)
	medians := map[[2]string]float64{}
	for _, c := range run.Cold {
		if c.Cache == cache && len(c.Samples) > 0 {
			medians[[2]string{c.File, c.Contestant}] = Median(c.Samples)
		}
	}
	var all Ratios
	for _, c := range run.Cold {
		ours, theirs := medians[[2]string{c.File, presize}], medians[[2]string{c.File, nodeSharp}]
		if c.Cache == cache && c.Contestant == presize && ours > 0 && theirs > 0 {
			all = append(all, Ratio{fmt.Sprintf("%.0f ms and %.0f ms, %s", ours, theirs, c.File), ours / theirs})
		}
	}
	return worst(what, all, mostCold)
}

// large keeps the ratios of JPEGs of about 24 megapixels.
func large(run *result.Run, all Ratios) Ratios {
	var kept Ratios
	for _, file := range run.Files {
		extension := strings.ToLower(filepath.Ext(cmp.Or(file.Path, file.Name)))
		megapixels := float64(file.Width) * float64(file.Height) / million
		if ratio, ok := all.of(file.Name); ok && (extension == ".jpg" || extension == ".jpeg") && math.Abs(megapixels-24) < 1 {
			kept = append(kept, Ratio{file.Name, ratio})
		}
	}
	return kept
}

func information(name string, r Ratios) Target {
	what := fmt.Sprintf("bytes at equal SSIM: Presize's by %s's, geometric mean, no more than 1 is good", name)
	t := Target{What: what, State: NotMeasured}
	if len(r) > 0 {
		t.State, t.Figure = Information, fmt.Sprintf("%.3f over %s", r.GeometricMean(), files(len(r)))
	}
	return t
}
