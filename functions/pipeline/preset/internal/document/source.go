package document

import "reflect"

// Source is where each value of a [Document] stands in the file, and what is wrong with it.
type Source struct {
	Problems

	at     map[string]Position
	flawed map[string]bool
}

// At is the place of the value at path, such as presets.small.width, as [Join] makes it; the zero Position when the
// file does not give it.
func (s *Source) At(path string) Position { return s.at[path] }

// Given says whether the file gives a value at path, be it a wrong one.
func (s *Source) Given(path string) bool {
	_, ok := s.at[path]
	return ok
}

// Flawed says whether the value at path is wrong, so that nothing can be told from it.
func (s *Source) Flawed(path string) bool { return s.flawed[path] }

// Join is the path of the field called name within the one at path.
func Join(path, name string) string { return join(path, name) }

// Read reads the file called name. A value that is wrong is noted and left at its default. The document is nil when
// there is none to speak of: the file is empty, too large, not YAML or not a mapping.
func Read(name string, data []byte) (*Document, *Source) {
	r := &reader{types: map[reflect.Type]known{}, Source: &Source{Problems: Problems{file: name}, at: map[string]Position{}, flawed: map[string]bool{}}}
	root := parse(data, &r.Problems)
	if root == nil {
		return nil, r.Source
	}
	var d Document
	setDefaults(reflect.ValueOf(&d).Elem())
	if !r.structure(reflect.ValueOf(&d).Elem(), root, "", "a mapping with at least presets in it") {
		return nil, r.Source
	}
	return &d, r.Source
}

// setDefaults fills in every default that the struct tags of v's type state.
func setDefaults(v reflect.Value) {
	k := knownOf(v.Type())
	for _, name := range k.names {
		target := v.FieldByIndex(k.index[name])
		fallback := k.rules[name].fallback
		switch target.Kind() {
		case reflect.Struct:
			setDefaults(target)
		case reflect.String:
			target.SetString(fallback)
		case reflect.Bool:
			target.SetBool(fallback == "true")
		case reflect.Int, reflect.Int64:
			if k.rules[name].hasFallback {
				target.SetInt(int64(number(fallback)))
			}
		case reflect.Float64:
			target.SetFloat(number(fallback))
		}
	}
}
