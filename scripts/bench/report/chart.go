package report

import (
	"errors"
	"fmt"
	"math"
	"os"

	"gonum.org/v1/plot/vg/vgimg"

	"github.com/presize/presize/scripts/bench/result"
)

// Chart draws a PNG: every contestant's CPU time for an upload by Presize's, for each file and over all.
func Chart(path string, run *result.Run) (err error) {
	c := newChart(run)
	if len(c.groups) == 0 || len(c.groups[0].bars) == 0 {
		return errors.New("there is nothing to draw: no file was rendered by Presize and by another")
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = vgimg.PngCanvas{Canvas: c.paint()}.WriteTo(out)
	return err
}

// chart is what is to be drawn.
type chart struct {
	contestants []string
	groups      []group
	least, most float64 // ends of the scale, powers of the root of two
	title       string
	about       string
	foot        []string
	short       map[string]bool // contestants that fall short in every file
}

// group is a file's bars.
type group struct {
	name, about string
	bars        map[string]float64 // by contestant
	cannot      map[string]bool
	short       map[string]bool // see star
}

// clip is the least ratio on the scale: who skips most of the work must not squeeze the others. Its number is told.
const clip = 0.25

// star marks what does less than it was asked to.
const star = "*"

func newChart(run *result.Run) *chart {
	c := &chart{
		contestants: peers(run), least: math.Sqrt2 / 2, most: 2,
		title: "CPU time for one upload: how many times Presize's",
		about: fmt.Sprintf("All variants of an original. Median of %d uploads, all threads, from its bytes to theirs. "+
			"Logarithmic. Right of the line: more than Presize takes.", run.Rounds),
		short: map[string]bool{},
		foot:  small.wrap(star+" writes less than was asked for: the table says what. "+machine(run)+". "+versions(run)+".", chartWidth-2*margin),
	}
	all := map[string]Ratios{}
	mean := group{name: "All files", about: "geometric mean of what each renders", bars: map[string]float64{}}
	for _, name := range c.contestants {
		all[name] = compare(run, median(cpu), name, presize)
		if len(all[name]) > 0 {
			mean.bars[name] = all[name].GeometricMean()
			c.short[name] = len(always(run, name)) > 0
			c.least = min(c.least, all[name].least().Value)
			c.most = max(c.most, all[name].most().Value)
		}
	}
	c.least, c.most = math.Exp2(math.Floor(2*math.Log2(max(c.least, clip)))/2), math.Exp2(math.Ceil(2*math.Log2(c.most))/2)
	for _, file := range run.Files {
		own := cell(run, file.Name, presize)
		if own == nil || !counts(own) {
			continue
		}
		g := group{
			name:  file.Name,
			about: fmt.Sprintf("%d x %d, Presize %s ms", file.Width, file.Height, figure(Median(values(own.Samples, cpu)))),
			bars:  map[string]float64{}, cannot: map[string]bool{}, short: map[string]bool{},
		}
		for _, name := range c.contestants {
			if ratio, ok := all[name].of(file.Name); ok {
				g.bars[name] = ratio
				g.short[name] = len(sometimes(run, cell(run, file.Name, name))) > 0
			} else if theirs := cell(run, file.Name, name); theirs != nil && !counts(theirs) {
				g.cannot[name] = true
			}
		}
		if len(g.bars)+len(g.cannot) > 0 {
			c.groups = append(c.groups, g)
		}
	}
	if len(mean.bars) > 0 {
		c.groups = append([]group{mean}, c.groups...)
	}
	return c
}
