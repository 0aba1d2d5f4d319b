package preset

import (
	"slices"
	"strings"
)

// ParseVariantKey is the inverse of VariantKey: it takes a variant's key apart into what filled the template. name is
// what stood for {name}, or for {file} where the template has that. The original's own extension is not in the key of a
// template with {name}, so the original is one of those in dir whose name, with or without an extension, is name.
//
// It also reads the keys of presets that are no longer in the file, except where {preset} and the name share a segment
// and only letters, digits, "-" or "_" part them, as in {preset}-{name}: there nothing but the file's presets tells where
// the preset's name ends. ok is false for such a key and for any that VariantKey does not write.
func (c *Config) ParseVariantKey(key string) (presetName, dir, name, ext string, ok bool) {
	t, faults := parseTemplate(c.Key)
	rest, below := strings.CutPrefix(key, c.Resized)
	if len(faults) > 0 || !below || len(key) > MaxKeyBytes {
		return "", "", "", "", false
	}
	before, dir, after, ok := t.cut(rest)
	if !ok {
		return "", "", "", "", false
	}
	last := len(after) - 1
	dot := strings.LastIndexByte(after[last], '.')
	if dot < 0 || namedFormat(after[last][dot+1:]) == "" {
		return "", "", "", "", false
	}
	ext = after[last][dot+1:]
	after[last] = after[last][:dot+1] // the literal in front of {ext} ends in this dot

	texts := slices.Concat(before, after)
	for i, segment := range slices.Concat(t.before, t.after) {
		if !c.readSegment(segment, texts[i], &presetName, &name) {
			return "", "", "", "", false
		}
	}
	return presetName, dir, name, ext, true
}

// cut parts a key into as many segments as the template has before {dir}, the folder, and as many as it has after.
func (t template) cut(rest string) (before []string, dir string, after []string, ok bool) {
	for range t.before {
		segment, tail, found := strings.Cut(rest, "/")
		if !found {
			return nil, "", nil, false
		}
		before, rest = append(before, segment), tail
	}
	after = make([]string, len(t.after))
	for i := len(after) - 1; i >= 0; i-- {
		slash := strings.LastIndexByte(rest, '/')
		after[i] = rest[slash+1:]
		if i > 0 {
			if slash < 0 {
				return nil, "", nil, false
			}
			rest = rest[:slash]
		} else {
			rest = rest[:slash+1]
		}
	}
	return before, rest, after, true
}
