package preset

import "strings"

// render fills a template; name fills {name} or {file}, whichever it has.
func (t template) render(preset, dir, name, ext string) string {
	var b strings.Builder
	for _, s := range t.before {
		s.render(&b, preset, name, ext)
		b.WriteByte('/')
	}
	b.WriteString(dir)
	for i, s := range t.after {
		if i > 0 {
			b.WriteByte('/')
		}
		s.render(&b, preset, name, ext)
	}
	return b.String()
}

func (s segment) render(b *strings.Builder, preset, name, ext string) {
	for _, p := range s {
		switch p.slot {
		case "":
			b.WriteString(p.literal)
		case slotPreset:
			b.WriteString(preset)
		case slotExt:
			b.WriteString(ext)
		default:
			b.WriteString(name)
		}
	}
}

// usesFile says whether the template takes the whole file name.
func (t template) usesFile() bool {
	for _, list := range [][]segment{t.before, t.after} {
		for _, s := range list {
			for _, p := range s {
				if p.slot == slotFile {
					return true
				}
			}
		}
	}
	return false
}
