package report

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// columns is how wide a terminal is at least.
const columns = 140

// missing stands for a figure that there is none of.
const missing = "-"

// grid is a table whose first columns are text and whose others are figures.
type grid struct {
	title  string
	about  string // what the figures are
	header []string
	texts  int // columns of text; one at least
	last   int // width of the last column, where what is longer is broken; 0: any
	rows   [][]string
	notes  notes
}

func (g *grid) add(row ...string) { g.rows = append(g.rows, row) }

// String is the table with its title above and its footnotes below, at most columns wide as far as its cells allow. A table
// without rows is empty.
func (g *grid) String() string {
	if len(g.rows) == 0 {
		return ""
	}
	style := table.StyleDefault
	style.Options = table.Options{}
	style.Box = table.BoxStyle{PaddingRight: "  "}
	style.Format.Header = text.FormatDefault
	t := table.NewWriter()
	t.SetStyle(style)
	var configs []table.ColumnConfig
	for i := range g.header {
		config := table.ColumnConfig{Number: i + 1}
		if i >= max(1, g.texts) {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		if i == len(g.header)-1 && g.last > 0 {
			config.WidthMax, config.WidthMaxEnforcer = g.last, text.WrapSoft
		}
		configs = append(configs, config)
	}
	t.SetColumnConfigs(configs)
	t.AppendHeader(cells(g.header))
	for _, row := range g.rows {
		t.AppendRow(cells(row))
	}
	out := &strings.Builder{}
	fmt.Fprintf(out, "\n%s\n", strings.ToUpper(g.title))
	if g.about != "" {
		fmt.Fprintln(out, text.WrapSoft(g.about, columns))
	}
	fmt.Fprintln(out, t.Render())
	for _, note := range g.notes.lines() {
		fmt.Fprintln(out, text.WrapSoft(note, columns))
	}
	trimmed := &strings.Builder{}
	for line := range strings.Lines(out.String()) {
		fmt.Fprintln(trimmed, strings.TrimRight(line, " \n"))
	}
	return trimmed.String()
}

func cells(row []string) table.Row {
	var all table.Row
	for _, one := range row {
		all = append(all, one)
	}
	return all
}

// heads are contestants' names, broken at the first hyphen so that columns stay narrow.
func heads(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, strings.Replace(name, "-", "-\n", 1))
	}
	return all
}

// figure is a number with about three digits.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// around is a median and the spread about it.
func around(samples []float64) string {
	return fmt.Sprintf("%s ±%.0f%%", figure(Median(samples)), 100*Spread(samples))
}
