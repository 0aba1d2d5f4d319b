package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in presets.yaml. Line and Column count from 1 and are 0 where they are not known; Path names
// the field, such as presets.small.width, and is empty for the file as a whole.
type Problem struct {
	File    string
	Line    int
	Column  int
	Path    string
	Message string
}

// Error is the problem as compilers print it: "presets.yaml:12:5: presets.small.width: found 0; ...".
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Position is a place in the file; the zero Position is the file as a whole.
type Position struct{ Line, Column int }

// Problems gathers the mistakes of one file.
type Problems struct {
	file string
	list []*Problem
	seen map[Problem]bool // without their paths
	adds int              // calls of Add
}

// Add notes a mistake. One that was noted at the same place already, as happens where an alias brings the same field
// into a second preset, is not repeated.
func (ps *Problems) Add(at Position, path, format string, args ...any) {
	ps.adds++
	p := Problem{File: ps.file, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)}
	if at != (Position{}) {
		if ps.seen[p] {
			return
		}
		if ps.seen == nil {
			ps.seen = map[Problem]bool{}
		}
		ps.seen[p] = true
	}
	p.Path = path
	ps.list = append(ps.list, &p)
}

// Err joins the mistakes in the file's order; nil when there are none.
func (ps *Problems) Err() error {
	slices.SortStableFunc(ps.list, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, len(ps.list))
	for i, p := range ps.list {
		errs[i] = p
	}
	return errors.Join(errs...)
}
