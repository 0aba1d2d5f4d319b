package document

import (
	"reflect"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"
)

// NamePattern is what preset names look like, and ReservedNames the ones that are not free: Presize keeps its manifests
// and failure records in those folders.
const NamePattern = `^[a-z0-9][a-z0-9_-]{0,63}$`

// ReservedNames are names that no preset may have.
var ReservedNames = [...]string{"manifest", "failed"}

var nameForm = regexp.MustCompile(NamePattern)

// IsName says whether a preset may be called s.
func IsName(s string) bool { return nameForm.MatchString(s) && !slices.Contains(ReservedNames[:], s) }

func (r *reader) presets(n *yaml.Node, path string) Presets {
	fields, ok := r.mapping(n, path, `a mapping of names to presets, such as "small: {width: 368}",`)
	if ok && len(n.Content) == 0 {
		r.Add(position(n), path, "has no preset in it; add one, such as \"small: {width: 368}\"")
	}
	var out Presets
	for _, f := range fields {
		here := join(path, f.name)
		r.at[here] = f.at()
		if slices.Contains(ReservedNames[:], f.name) {
			r.Add(f.at(), here, "this name is Presize's own, for the folder of that name below the resized prefix; choose another")
		} else if !IsName(f.name) {
			r.Add(f.at(), here, "found %s as a preset's name; 1 to 64 lower-case letters, digits, \"-\" and \"_\", starting with a letter or digit, are right", quote(f.name))
		}
		p := Preset{Name: f.name, Settings: r.defaults}
		if r.structure(reflect.ValueOf(&p).Elem(), f.from, here, `a mapping such as "{width: 368}"`) {
			out = append(out, p)
		}
	}
	return out
}
