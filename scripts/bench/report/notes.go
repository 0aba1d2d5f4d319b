package report

import (
	"slices"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// notes are the footnotes of a table, each said once.
type notes struct{ texts []string }

// mark is the letter of a footnote: a to z, then aa.
func (n *notes) mark(text string) string {
	i := slices.Index(n.texts, text)
	if i < 0 {
		n.texts = append(n.texts, text)
		i = len(n.texts) - 1
	}
	letter := string(rune('a' + i%26))
	return strings.Repeat(letter, 1+i/26)
}

// lines are the footnotes as they stand below the table.
func (n *notes) lines() []string {
	var all []string
	for _, text := range n.texts {
		all = append(all, n.mark(text)+": "+text)
	}
	return all
}

// pieces of what is short in a cell.
func pieces(short string) []string {
	return strings.FieldsFunc(short, func(r rune) bool { return r == ';' })
}

// always is what falls short in every cell of a contestant: it is said once, by its name.
func always(run *result.Run, contestant string) []string {
	var all []string
	first := true
	for i := range run.Cells {
		c := &run.Cells[i]
		if c.Contestant != contestant || !counts(c) {
			continue
		}
		here := trimmed(pieces(c.Short))
		if first {
			all, first = here, false
			continue
		}
		all = slices.DeleteFunc(all, func(text string) bool { return !slices.Contains(here, text) })
	}
	return all
}

// sometimes is what falls short in a cell and not in all of its contestant's.
func sometimes(run *result.Run, c *result.Cell) []string {
	all := always(run, c.Contestant)
	return slices.DeleteFunc(trimmed(pieces(c.Short)), func(text string) bool { return slices.Contains(all, text) })
}

func trimmed(all []string) []string {
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// marks of several footnotes, a blank before the first.
func (n *notes) marks(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, n.mark(text))
	}
	if len(all) == 0 {
		return ""
	}
	return " " + strings.Join(all, ",")
}
