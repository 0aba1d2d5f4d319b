package preset

import (
	"strings"
	"unicode/utf8"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// readSegment reads one segment's text, without the extension, into the slots that the segment has.
func (c *Config) readSegment(s segment, text string, presetName, name *string) bool {
	if n := len(s); n > 0 && s[n-1].slot == slotExt {
		s = s[:n-1]
	}
	head, tail := "", ""
	for len(s) > 0 && s[0].slot == "" {
		head, s = head+s[0].literal, s[1:]
	}
	for len(s) > 0 && s[len(s)-1].slot == "" {
		tail, s = s[len(s)-1].literal+tail, s[:len(s)-1]
	}
	text, okHead := strings.CutPrefix(text, head)
	text, okTail := strings.CutSuffix(text, tail)
	if !okHead || !okTail {
		return false
	}
	first, sep, second := s.pair()
	switch {
	case first == "":
		return text == ""
	case second != "":
		preset, file, ok := c.readPair(text, sep, first == slotPreset)
		*presetName, *name = preset, file
		return ok
	case first == slotPreset:
		*presetName = text
		return document.IsName(text)
	default:
		*name = text
		return text != ""
	}
}

// readPair parts a preset's name from a file's.
func (c *Config) readPair(text, sep string, presetFirst bool) (presetName, name string, ok bool) {
	if foreign(sep) {
		return readForeign(text, sep, presetFirst)
	}
	for _, p := range c.Presets {
		rest, found := strings.CutPrefix(text, p.Name+sep)
		if !presetFirst {
			rest, found = strings.CutSuffix(text, sep+p.Name)
		}
		if found && rest != "" {
			if ok {
				return "", "", false // two presets could have written it, which Load refuses
			}
			presetName, name, ok = p.Name, rest, true
		}
	}
	return presetName, name, ok
}

// readForeign parts at the first, or last, character that no preset's name has, since it belongs to the separator.
func readForeign(text, sep string, presetFirst bool) (presetName, name string, ok bool) {
	alien := func(c rune) bool { return !nameRune(c) }
	if presetFirst {
		end := strings.IndexFunc(text, alien) - strings.IndexFunc(sep, alien)
		if end < 0 || !strings.HasPrefix(text[end:], sep) {
			return "", "", false
		}
		presetName, name = text[:end], text[end+len(sep):]
	} else {
		start := afterLast(text, alien) + len(sep) - afterLast(sep, alien)
		if start > len(text) || !strings.HasSuffix(text[:start], sep) {
			return "", "", false
		}
		presetName, name = text[start:], text[:start-len(sep)]
	}
	return presetName, name, document.IsName(presetName) && name != ""
}

// afterLast is the index behind the last character of s that is alien; 0 when none is.
func afterLast(s string, alien func(rune) bool) int {
	i := strings.LastIndexFunc(s, alien)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}
