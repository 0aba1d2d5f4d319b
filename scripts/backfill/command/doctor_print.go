package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
)

func (d *doctor) print(v verdict, c *checkup) error {
	if d.json {
		return printVerdictJSON(d.out, v, c.spool)
	}
	_, err := io.WriteString(d.out, text(v, c))
	return err
}

// text is a verdict for people.
func text(v verdict, c *checkup) string {
	var b strings.Builder
	target := ""
	if v.TargetBucket != v.Bucket {
		target = v.TargetBucket + "/"
	}
	fmt.Fprintf(&b, "%s/%s -> %s%s\n\n", v.Bucket, v.Originals, target, v.Resized)
	rows := [][]string{{"PRESET", "ORIGINALS", "UP TO DATE", "COVERAGE %", "MISSING", "STALE", "TAKEN", "UNREADABLE"}}
	originals := int64(0)
	for _, p := range v.Presets {
		rows = append(rows, []string{
			p.Preset, count(p.Originals), count(p.UpToDate), percent(p.Coverage), count(p.Missing), count(p.Stale), count(p.Taken), count(p.Unreadable),
		})
		originals += p.Originals
	}
	table(&b, rows)
	for _, f := range v.Kinds {
		if f.Count > 0 {
			chapterText(&b, f, c.chapters[f.Kind])
		}
	}
	if c.unread > 0 {
		fmt.Fprintf(&b, "%s objects could not be read, which says nothing of them: %v\n\n", count(c.unread), c.whyNot)
	}
	switch {
	case v.Wrong > 0:
		fmt.Fprintf(&b, "Something is wrong: %s findings.\n", count(v.Wrong))
	case !v.Well:
		fmt.Fprintf(&b, "Nothing that was read is wrong, and there is no verdict on %s objects: look again.\n", count(c.unread))
	case originals == 0:
		b.WriteString("Nothing is wrong, and nothing is there: no original here gets a preset. Are --bucket, --prefix and presets.yaml right?\n")
	case c.chapters[unreadable].count > 0:
		b.WriteString("All is well, but for the originals that can never be rendered.\n")
	default:
		b.WriteString("All is well: every variant is up to date, and nothing is left over.\n")
	}
	fmt.Fprintf(&b, "Looking took %s LISTs, %s HEADs and %s GETs (%s read): %s. The index saved %s HEADs.\n",
		count(v.Cost.Lists), count(v.Cost.Heads), count(v.Cost.Gets), humanize.Bytes(uint64(v.Cost.BytesRead)), dollars(v.Cost.Dollars), count(v.Cost.HeadsSaved))
	return b.String()
}

func chapterText(b *strings.Builder, f found, ch *chapter) {
	fmt.Fprintf(b, "%s: %s\n", f.Kind, f.Advice)
	if reasons := ch.reasonsText(); reasons != "" {
		fmt.Fprintf(b, "  reasons: %s\n", reasons)
	}
	if f.Command != "" {
		fmt.Fprintf(b, "  $ %s\n", f.Command)
	}
	for _, g := range ch.first {
		fmt.Fprintf(b, "  %s\n", g.line())
	}
	if more := ch.count - int64(len(ch.first)); more > 0 {
		fmt.Fprintf(b, "  and %s more; --list N prints more, --json all\n", count(more))
	}
	b.WriteByte('\n')
}

// percent never says 100 of what is not complete.
func percent(p *float64) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f", math.Floor(*p*10)/10)
}

// printVerdictJSON prints a verdict with its findings, which do not pass through memory.
func printVerdictJSON(out io.Writer, v verdict, findings *spool) error {
	var head bytes.Buffer
	e := json.NewEncoder(&head)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("printing the verdict: %w", err)
	}
	if _, err := fmt.Fprintf(out, "%s,\n  \"findings\": [", strings.TrimSuffix(head.String(), "\n}\n")); err != nil {
		return err
	}
	separator := "\n    "
	err := findings.each(func(g diagnosis) error {
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(g); err != nil {
			return fmt.Errorf("printing a finding: %w", err)
		}
		_, err := fmt.Fprintf(out, "%s%s", separator, strings.TrimSuffix(line.String(), "\n"))
		separator = ",\n    "
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, "\n  ]\n}\n")
	return err
}
