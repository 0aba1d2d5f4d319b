package preset

import (
	"strings"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// checkKeys refuses a template that is none, and presets that would write each other's keys.
//
// Two presets can do so only where {preset} and {name} share a segment and what parts them may also be part of a
// preset's name: with {preset}-{name}, preset a writes for b-cat.jpg what preset a-b writes for cat.jpg.
func checkKeys(c *Config, source *document.Source) {
	if source.Flawed("key") {
		return
	}
	t, faults := parseTemplate(c.Key)
	for _, f := range faults {
		source.Add(source.At("key"), "key", "found %q: %s", c.Key, f)
	}
	if len(faults) > 0 {
		return
	}
	first, sep, found := t.sharedSegment()
	if !found || foreign(sep) {
		return
	}
	seen := map[string]int{}
	for i, p := range c.Presets {
		seen[p.Name] = i
	}
	for i, p := range c.Presets {
		if !document.IsName(p.Name) {
			continue
		}
		for _, short := range clashes(p.Name, first, sep) {
			if other, ok := seen[short]; ok {
				reportClash(c, t, source, other, i, first, sep)
			}
		}
	}
}

// clashes are the shorter names whose presets can write what the preset called name does: each that name begins with,
// or ends with when {preset} stands last, where the separator parts it from the remainder.
func clashes(name, first, sep string) (out []string) {
	if first == slotPreset {
		whole := name + sep
		for i := 1; i < len(name); i++ {
			if strings.HasPrefix(whole[i:], sep) {
				out = append(out, name[:i])
			}
		}
	} else {
		whole := sep + name
		for i := 1; i < len(name); i++ {
			if strings.HasSuffix(whole[:len(whole)-i], sep) {
				out = append(out, name[len(name)-i:])
			}
		}
	}
	return out
}

// reportClash notes, at the later of two presets, an example of a key that both would write.
func reportClash(c *Config, t template, source *document.Source, shortAt, longAt int, first, sep string) {
	short, long := c.Presets[shortAt], c.Presets[longAt]
	longName := "cat"
	var shortName string
	if first == slotPreset {
		shortName = (long.Name + sep)[len(short.Name+sep):] + "cat"
	} else {
		whole := sep + long.Name
		shortName = "cat" + whole[:len(whole)-len(sep+short.Name)]
	}
	here, hereName, there, thereName := long, longName, short, shortName
	if shortAt > longAt {
		here, hereName, there, thereName = short, shortName, long, longName
	}
	path := fieldPath(here.Name, "")
	source.Add(source.At(path), path,
		"would write %s for the original %s, as preset %s in line %d would for %s; rename one of them, or part {preset} from the name by a \"/\" in key",
		c.Resized+t.render(long.Name, "", longName, "jpg"), hereName+".jpg", there.Name, source.At(fieldPath(there.Name, "")).Line, thereName+".jpg")
}

// sharedSegment finds the segment that holds both {preset} and {name} or {file}.
func (t template) sharedSegment() (first, sep string, found bool) {
	for _, list := range [][]segment{t.before, t.after} {
		for _, s := range list {
			if first, sep, second := s.pair(); second != "" {
				return first, sep, true
			}
		}
	}
	return "", "", false
}

// foreign says whether sep holds a byte that no preset's name does, so that it ends or begins the name for certain.
func foreign(sep string) bool {
	return strings.ContainsFunc(sep, func(c rune) bool { return !nameRune(c) })
}

func nameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
