package preset

import (
	"strings"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// Stem is what an original's key and its variants' keys have in common: the folder below the originals prefix, which ends
// in "/" or is empty, and what fills {name}, or {file} where the template has that. ParseVariantKey gives the same two of
// a variant's key. Originals that differ in their extension only share a stem, unless the template has {file}. ok is
// false when the key is not an original's.
func (c *Config) Stem(originalKey string) (dir, name string, ok bool) {
	relative, reason := c.Classify(originalKey)
	if reason != "" {
		return "", "", false
	}
	t, _ := parseTemplate(c.Key)
	slash := strings.LastIndexByte(relative, '/') + 1
	dir, name = relative[:slash], relative[slash:]
	if !t.usesFile() {
		name, _ = splitExtension(name)
	}
	return dir, name, true
}

// VariantPrefix is what the keys of all variants of a preset begin with, up to the last "/" that is the same in all of
// them: "resized/small/" with the default template, and the resized prefix alone where {dir} or {name} comes before
// {preset}.
func (c *Config) VariantPrefix(presetName string) string {
	t, _ := parseTemplate(c.Key)
	var b strings.Builder
	b.WriteString(c.Resized)
	for _, s := range t.before {
		if s.varies() {
			break
		}
		s.render(&b, presetName, "", "")
		b.WriteByte('/')
	}
	return b.String()
}

// VariantStem is what the keys of all variants of a preset and of originals of one stem begin with, up to and with the dot
// before the extension: "resized/small/users/42/cat." with the default template.
func (c *Config) VariantStem(presetName, dir, name string) string {
	t, _ := parseTemplate(c.Key)
	return c.Resized + t.render(presetName, dir, name, "")
}

// Reserved are the prefixes below the resized prefix that hold no variants: Presize keeps its own records there.
func (c *Config) Reserved() []string {
	var out []string
	for _, name := range document.ReservedNames {
		out = append(out, c.Resized+name+"/")
	}
	return out
}

// Aligned says whether a variant's key is VariantPrefix and then the original's own folder and name, as in the default
// template: then originals and each preset's variants sort alike below their prefixes, but for the extension.
func (c *Config) Aligned() bool {
	t, _ := parseTemplate(c.Key)
	for _, s := range t.before {
		if s.varies() {
			return false
		}
	}
	return len(t.after) == 1 && len(t.after[0]) == 3 && t.after[0][0].slot != "" && t.after[0][1].literal == "."
}

// varies says whether the segment is another one for every original.
func (s segment) varies() bool {
	for _, p := range s {
		if p.slot == slotName || p.slot == slotFile {
			return true
		}
	}
	return false
}

// SharesStems says whether two originals may have one stem, and so want one key: they may unless the template has {file}.
func (c *Config) SharesStems() bool {
	t, _ := parseTemplate(c.Key)
	return !t.usesFile()
}
