package command

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"

	"github.com/presize/presize/scripts/backfill/price"
)

// printPlan prints a plan for people.
func printPlan(out io.Writer, d document) error {
	var b strings.Builder
	target := ""
	if d.TargetBucket != d.Bucket {
		target = d.TargetBucket + "/"
	}
	fmt.Fprintf(&b, "%s/%s -> %s%s\n\n", d.Bucket, d.Originals, target, d.Resized)
	if !d.Complete {
		b.WriteString("Not the whole bucket: --max-objects ended the plan. What is listed in parallel comes in no order.\n\n")
	}
	presetTable(&b, d)
	extraTable(&b, d)
	if d.nothing != "" {
		fmt.Fprintf(&b, "%s\n", d.nothing)
	} else {
		runTables(&b, d)
	}
	fmt.Fprintf(&b, "\nThis plan sent %s LISTs, %s HEADs and %s GETs: %s. The index saved %s HEADs.\n",
		count(d.Survey.Lists), count(d.Survey.Heads), count(d.Survey.Gets), dollars(d.Survey.Dollars), count(d.Survey.HeadsSaved))
	_, err := io.WriteString(out, b.String())
	return err
}

// table aligns cells in columns: numbers to the right, as their heads are, and text to the left.
func table(b *strings.Builder, rows [][]string) {
	var aligned strings.Builder
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	widths := make([]int, 0)
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			if number(cell) || i > 0 && number(rows[len(rows)-1][i]) {
				cell = strings.Repeat(" ", widths[i]-len([]rune(cell))) + cell
			}
			sep := "\t"
			if i == len(row)-1 {
				sep = "\n"
			}
			_, _ = io.WriteString(w, cell+sep)
		}
	}
	_ = w.Flush()
	for line := range strings.Lines(aligned.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	b.WriteByte('\n')
}

// number says whether a cell is one, and so stands to the right.
func number(cell string) bool { return strings.Trim(cell, "$0123456789,.<") == "" && cell != "" }

func presetTable(b *strings.Builder, d document) {
	rows := [][]string{{"PRESET", "ORIGINALS", "UP TO DATE", "MISSING", "STALE", "BY ORIGINAL", "BY PRESET", "BY BOTH", "TAKEN"}}
	for _, p := range d.Presets {
		rows = append(rows, []string{
			p.Preset, count(p.Originals), count(p.UpToDate), count(p.Missing), count(p.Stale),
			count(p.StaleByOriginal), count(p.StaleByPreset), count(p.StaleByBoth), count(p.Taken),
		})
	}
	table(b, rows)
}

func extraTable(b *strings.Builder, d document) {
	rows := [][]string{{"LEFT OVER", "OBJECTS", "BYTES"}}
	for _, e := range d.Extras {
		if e.Objects > 0 {
			rows = append(rows, []string{string(e.Kind), count(e.Objects), humanize.Bytes(uint64(e.Bytes)), meaning[string(e.Kind)]})
		}
	}
	if len(rows) > 1 {
		table(b, rows)
	}
}

var meaning = map[string]string{
	"orphan":     "the original is gone",
	"dropped":    "the preset is gone from presets.yaml, or no longer matches the original",
	"superseded": "the original's variant has another key now",
	"foreign":    "not written by Presize; never deleted",
}

func runTables(b *strings.Builder, d document) {
	r := d.Run
	megapixels := fmt.Sprintf("by a sample of %d", r.SampledFrom)
	if r.SampledFrom == 0 {
		megapixels = "guessed by bytes"
	}
	fmt.Fprintf(b, "A run would read %s originals (%s, about %s megapixels %s) and render %s variants: %s missing, %s stale",
		count(r.Originals), humanize.Bytes(uint64(r.Bytes)), count(int64(r.Megapixels+1)), megapixels, count(r.Variants), count(r.Missing), count(r.Stale))
	if r.UpToDate > 0 {
		fmt.Fprintf(b, ", %s up to date", count(r.UpToDate))
	}
	fmt.Fprintf(b, ".\nRendering takes about %s on one core.\n\n", length(r.CoreSeconds))
	costTable(b, d)
	rateTable(b, d.Rates)
}

// rateTable lists the rates, with their sources, which are long and few, below.
func rateTable(b *strings.Builder, rates price.Rates) {
	rows := [][]string{{"RATE", "VALUE", "", "UNIT"}}
	var sources []string
	for _, rate := range rates {
		i := slices.Index(sources, rate.Source)
		if i < 0 {
			i = len(sources)
			sources = append(sources, rate.Source)
		}
		rows = append(rows, []string{rate.Name, strconv.FormatFloat(rate.Value, 'f', -1, 64), fmt.Sprintf("[%d]", i+1), rate.Unit})
	}
	table(b, rows)
	for i, source := range sources {
		fmt.Fprintf(b, "[%d] %s\n", i+1, source)
	}
	b.WriteString("Change a rate by --rate name=value.\n")
}

func costTable(b *strings.Builder, d document) {
	ways := []price.Way{price.Here, price.Lambda, price.Batch}
	rows := [][]string{{"COST", "UNIT"}}
	at := map[string]int{}
	for i, way := range ways {
		rows[0] = append(rows[0], "--via "+string(way), "")
		for _, l := range d.Run.Estimates[way].Lines {
			if at[l.What] == 0 {
				at[l.What] = len(rows)
				rows = append(rows, []string{l.What, l.Unit, "", "", "", "", "", ""})
			}
			rows[at[l.What]][2+2*i], rows[at[l.What]][3+2*i] = humanize.CommafWithDigits(l.Count, decimals(l.Count)), dollars(l.Dollars)
		}
	}
	total := []string{"total", ""}
	for _, way := range ways {
		total = append(total, "", dollars(d.Run.Estimates[way].Dollars))
	}
	table(b, append(rows, total))
}
