package preset

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// A template says where a variant's key has the preset's name and the parts of the original's key:
//
//	{preset}  the preset's name
//	{dir}     the original's folder below the originals prefix with its "/", or nothing
//	{name}    the original's file name without its extension
//	{file}    the original's file name with its extension, so that cat.jpg and cat.png do not meet
//	{ext}     the variant's extension
//
// {preset}, {dir}, {ext} and one of {name} and {file} stand in it once each. {dir} begins a segment, with the rest
// following at once, and ".{ext}" ends the template. Since only {dir} holds slashes, the segments before it and after it
// are fixed in number and a key is read back from both ends.
type template struct {
	before, after []segment // of {dir}
}

// segment is what stands between two slashes.
type segment []piece

// piece is a literal, or, when slot is not empty, what fills that slot.
type piece struct{ slot, literal string }

const (
	slotPreset = "preset"
	slotDir    = "dir"
	slotName   = "name"
	slotFile   = "file"
	slotExt    = "ext"
)

var slots = []string{slotPreset, slotDir, slotName, slotFile, slotExt}

// parsed keeps what was made of each template's text: a process has one or a few, and a backfill asks for millions of keys.
var parsed sync.Map

// parseTemplate reads a template; faults are what is wrong with it, each with what would be right. Neither may be changed.
func parseTemplate(s string) (t template, faults []string) {
	type reading struct {
		template

		faults []string
	}
	if known, ok := parsed.Load(s); ok {
		r, _ := known.(reading)
		return r.template, r.faults
	}
	t, faults = readTemplate(s)
	if len(faults) == 0 { // what is wrong is read once
		parsed.Store(s, reading{t, nil})
	}
	return t, faults
}

func readTemplate(s string) (t template, faults []string) {
	pieces, faults := lex(s)
	if len(faults) > 0 {
		return t, faults
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	countSlots(pieces, fault)

	list := &t.before
	var current segment
	for _, p := range pieces {
		switch {
		case p.slot == slotDir:
			if len(current) > 0 {
				fault("{dir} stands behind %q; it begins a segment: put it first, or behind a \"/\"", current[len(current)-1].text())
			}
			list, current = &t.after, nil
		case p.slot != "":
			current = append(current, p)
		default:
			for i, text := range strings.Split(p.literal, "/") {
				if i > 0 {
					*list, current = append(*list, current), nil
				}
				if text != "" {
					current = append(current, piece{literal: text})
				}
			}
		}
	}
	*list = append(*list, current)
	t.check(fault)
	return t, faults
}

// lex parts a template into literals and slots.
func lex(s string) (pieces []piece, faults []string) {
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			i = len(s)
		}
		if literal := s[:i]; literal != "" {
			if strings.ContainsFunc(literal, unicode.IsControl) || strings.Contains(literal, `\`) || !utf8.ValidString(literal) {
				faults = append(faults, fmt.Sprintf("found %q; no control characters and no backslashes are right", literal))
			}
			pieces = append(pieces, piece{literal: literal})
		}
		if i == len(s) {
			break
		}
		slot, after, closed := strings.Cut(s[i+1:], "}")
		if s[i] == '}' || !closed || strings.Contains(slot, "{") {
			return pieces, append(faults, fmt.Sprintf("found a lone %q; a placeholder such as {name} has both braces", s[i:i+1]))
		}
		if !slices.Contains(slots, slot) {
			right := "the placeholders are {preset}, {dir}, {name}, {file} and {ext}"
			if near := document.Nearest(slot, slots); near != "" {
				right = "did you mean {" + near + "}?"
			}
			faults = append(faults, fmt.Sprintf("unknown placeholder %q; %s", "{"+slot+"}", right))
		}
		pieces = append(pieces, piece{slot: slot})
		s = after
	}
	return pieces, faults
}

func (p piece) text() string {
	if p.slot != "" {
		return "{" + p.slot + "}"
	}
	return p.literal
}
