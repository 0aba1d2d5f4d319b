package report

import (
	"strconv"

	"github.com/presize/presize/scripts/bench/result"
)

// times is a row for each file and a column for each contestant: CPU or wall time.
func times(run *result.Run, title, about string, of func(result.Sample) float64, footnotes bool) *grid {
	g := &grid{title: title, about: about}
	g.header = append(g.header, heads(names(run))...)
	if footnotes {
		for i, name := range names(run) {
			g.header[i] += g.notes.marks(prefixed(name+", every file: ", always(run, name)))
		}
	}
	g.header = append([]string{"file"}, g.header...)
	for _, file := range run.Files {
		row := []string{file.Name}
		for _, name := range names(run) {
			c := cell(run, file.Name, name)
			switch {
			case c == nil:
				row = append(row, missing)
			case !counts(c) && footnotes:
				row = append(row, missing+g.notes.marks([]string{name + " cannot: " + c.Cannot}))
			case !counts(c):
				row = append(row, missing)
			case footnotes:
				row = append(row, around(values(c.Samples, of))+g.notes.marks(prefixed(name+": ", sometimes(run, c))))
			default:
				row = append(row, around(values(c.Samples, of)))
			}
		}
		g.add(row...)
	}
	return g
}

func prefixed(prefix string, texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, prefix+text)
	}
	return all
}

// relative is every contestant's figure by Presize's, on every file and over all.
func relative(run *result.Run, title, about string, of measure, contestants []string) *grid {
	g := &grid{title: title, about: about, header: append([]string{"file"}, heads(contestants)...)}
	all := map[string]Ratios{}
	for _, name := range contestants {
		all[name] = compare(run, of, name, presize)
	}
	return g.ratios(run, contestants, all)
}

// ratios fills the grid: a row for each file, and the geometric mean with the number of files that it is over.
func (g *grid) ratios(run *result.Run, contestants []string, all map[string]Ratios) *grid {
	for _, file := range run.Files {
		row := []string{file.Name}
		for _, name := range contestants {
			one := missing
			if ratio, ok := all[name].of(file.Name); ok {
				one = figure(ratio)
			}
			row = append(row, one)
		}
		g.add(row...)
	}
	mean, over := []string{"geometric mean"}, []string{"over files"}
	for _, name := range contestants {
		if len(all[name]) == 0 {
			mean, over = append(mean, missing), append(over, missing)
			continue
		}
		mean, over = append(mean, figure(all[name].GeometricMean())), append(over, strconv.Itoa(len(all[name])))
	}
	g.add(mean...)
	g.add(over...)
	return g
}

// memory is peak RSS.
func memory(run *result.Run) *grid {
	g := &grid{
		title:  "peak RSS, MiB",
		about:  "Of processes that render this file alone, once.",
		header: append([]string{"file"}, heads(names(run))...),
	}
	for _, file := range run.Files {
		row := []string{file.Name}
		for _, name := range names(run) {
			one := missing
			if c := cell(run, file.Name, name); c != nil {
				if _, ok := peak(*c); ok {
					one = around(mebibytes(c.Peaks))
				}
			}
			row = append(row, one)
		}
		g.add(row...)
	}
	return g
}
