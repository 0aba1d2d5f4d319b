package document

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// reader turns nodes into a document.
type reader struct {
	*Source

	defaults Settings // what every preset starts from
	types    map[reflect.Type]known
}

// known is knownOf, once for each type.
func (r *reader) known(t reflect.Type) known {
	k, ok := r.types[t]
	if !ok {
		k = knownOf(t)
		r.types[t] = k
	}
	return k
}

// structure reads a mapping into the struct v and says whether it was a mapping at all.
func (r *reader) structure(v reflect.Value, n *yaml.Node, path, want string) bool {
	fields, ok := r.mapping(n, path, want)
	if !ok {
		return false
	}
	k := r.known(v.Type())
	given := map[string]bool{}
	var last []field
	for _, f := range fields {
		index, ok := k.index[f.name]
		if !ok {
			r.unknown(f, path, k)
			continue
		}
		given[f.name] = true
		if v.FieldByIndex(index).Type() == reflect.TypeFor[Presets]() {
			last = append(last, f) // they start from the defaults, which may stand below them
			continue
		}
		r.value(v.FieldByIndex(index), f, join(path, f.name), k.rules[f.name])
	}
	if d, ok := reflect.TypeAssert[*Document](v.Addr()); ok {
		r.defaults = d.Defaults
	}
	for _, f := range last {
		r.value(v.FieldByIndex(k.index[f.name]), f, join(path, f.name), k.rules[f.name])
	}
	for _, name := range k.names {
		if k.rules[name].required && !given[name] && !r.Given(join(path, name)) {
			r.Add(position(n), join(path, name), "is missing; the file needs at least %s", leastFile)
		}
	}
	return true
}

func (r *reader) unknown(f field, path string, k known) {
	here := join(path, f.name)
	others := slices.DeleteFunc(r.known(reflect.TypeFor[Preset]()).sorted(), func(s string) bool { return slices.Contains(k.names, s) })
	if path == "defaults" && slices.Contains(others, f.name) {
		r.Add(f.at(), here, "belongs to a single preset; move it from defaults to the presets it is meant for")
		return
	}
	if near := Nearest(f.name, k.names); near != "" {
		if meant := join(path, near); !r.Given(meant) {
			r.at[meant], r.flawed[meant] = f.at(), true // so that nobody asks for it as well
		}
		r.Add(f.at(), here, "unknown field; did you mean %q?", near)
		return
	}
	r.Add(f.at(), here, "unknown field; the fields are %s", strings.Join(k.sorted(), ", "))
}

// value reads one field, and notes where its value stands whether it is right or not.
func (r *reader) value(target reflect.Value, f field, path string, rules rules) {
	r.at[path] = position(f.from)
	before := r.adds
	defer func() { r.flawed[path] = r.adds > before }()
	switch t := target.Addr().Interface().(type) {
	case *Presets:
		*t = r.presets(f.from, path)
	case *Size:
		r.size(t, f.from, path, rules)
	case *string:
		r.text(t, f.from, path, rules)
	case *bool:
		r.boolean(t, f.from, path)
	case *int:
		r.integer(t, f.from, path, rules)
	case *float64:
		r.float(t, f.from, path, rules)
	default:
		r.structure(target, f.from, path, "a mapping of fields to values")
	}
}
