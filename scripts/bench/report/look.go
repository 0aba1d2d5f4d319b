package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// look is what was written: bytes of all variants, and the mean of their SSIM.
func look(run *result.Run) *grid {
	g := &grid{
		title: "kilobytes of all variants, and their mean SSIM",
		about: "SSIM against a full-precision reduction of the whole original; left out (-) where a variant has none. " +
			"Lossless or lossy, as the original's format is.",
		header: append([]string{"file"}, heads(names(run))...),
	}
	for _, file := range run.Files {
		row := []string{file.Name}
		for _, name := range names(run) {
			row = append(row, looks(cell(run, file.Name, name)))
		}
		g.add(row...)
	}
	return g
}

func looks(c *result.Cell) string {
	if c == nil || c.Cannot != "" || len(c.Variants) == 0 {
		return missing
	}
	var bytes int64
	sum, all := 0.0, true
	for _, v := range c.Variants {
		bytes += v.Bytes
		sum += v.SSIM
		all = all && v.SSIM != 0
	}
	kilobytes := figure(float64(bytes) / 1000)
	if !all {
		return kilobytes + "     " + missing
	}
	return fmt.Sprintf("%s %.3f", kilobytes, sum/float64(len(c.Variants)))
}

// equals is bytes at equal SSIM.
func equals(run *result.Run) *grid {
	var against []string
	all := map[string]Ratios{}
	for _, name := range peers(run) {
		if slices.ContainsFunc(run.Equal, func(e result.Equal) bool { return e.Contestant == name }) {
			against = append(against, name)
			all[name] = equal(run, name)
		}
	}
	g := &grid{
		title: "bytes at equal SSIM: Presize's by the peer's, geometric mean over presets",
		about: "Presize is rendered at other qualities too, and its bytes at the peer's SSIM are read off between two of them. " +
			"Below 1: it writes fewer bytes for the same look.",
		header: append([]string{"file"}, heads(against)...),
	}
	if len(against) == 0 {
		return g
	}
	g.ratios(run, against, all)
	for _, file := range run.Files {
		whys, by := []string{}, map[string][]string{}
		for _, name := range against {
			why := notEqual(run, file.Name, name)
			if why != "" && by[why] == nil {
				whys = append(whys, why)
			}
			by[why] = append(by[why], name)
		}
		for _, why := range whys {
			g.notes.mark(fmt.Sprintf("%s by %s has no %s", file.Name, strings.Join(by[why], ", "), why))
		}
	}
	return g
}

// notEqual says which presets of a file have no ratio, and why.
func notEqual(run *result.Run, file, contestant string) string {
	var all []string
	for _, e := range run.Equal {
		if e.File == file && e.Contestant == contestant && e.Cannot != "" {
			all = append(all, e.Preset+" ("+e.Cannot+")")
		}
	}
	return strings.Join(all, ", ")
}
