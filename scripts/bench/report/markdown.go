package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/presize/presize/scripts/bench/result"
)

// Markdown writes what README shows: the targets, the table of CPU ratios, and where it was measured.
func Markdown(w io.Writer, run *result.Run) error {
	promised := table.NewWriter()
	promised.AppendHeader(table.Row{"target", "measured", ""})
	for _, t := range Targets(run) {
		promised.AppendRow(table.Row{t.What, t.Figure, t.State})
	}
	g := relative(run, "", "", median(cpu), peers(run))
	ratios := table.NewWriter()
	ratios.AppendHeader(cells(append([]string{"CPU by Presize's"}, append([]string{"Presize, ms"}, peers(run)...)...)))
	for i, row := range g.rows {
		own := ""
		if i < len(run.Files) {
			own = missing
			if c := cell(run, run.Files[i].Name, presize); c != nil && counts(c) {
				own = figure(Median(values(c.Samples, cpu)))
			}
		}
		ratios.AppendRow(cells(append([]string{row[0], own}, row[1:]...)))
	}
	_, err := fmt.Fprintf(w, "%s\n\n%s\n\n%s. %s. %d uploads of each file by each contestant.\n",
		promised.RenderMarkdown(), ratios.RenderMarkdown(), machine(run), strings.TrimSuffix(versions(run), "."), run.Rounds)
	return err
}
