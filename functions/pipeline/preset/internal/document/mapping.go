package document

import "gopkg.in/yaml.v3"

// field is one entry of a mapping.
type field struct {
	name string
	key  *yaml.Node
	from *yaml.Node // the value, aliases followed
}

func (f field) at() Position { return position(f.key) }

func position(n *yaml.Node) Position { return Position{n.Line, n.Column} }

// resolve follows an alias to what it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// mapping gives a mapping's entries in the file's order, those of its merge keys ("<<") after its own; ok is false, and
// the problem noted, when n is not a mapping.
func (r *reader) mapping(n *yaml.Node, path, want string) (fields []field, ok bool) {
	if n.Kind != yaml.MappingNode || n.ShortTag() != "!!map" {
		r.Add(position(n), path, "found %s; %s is right", describe(n), want)
		return nil, false
	}
	taken := map[string]bool{}
	r.collect(n, path, taken, map[*yaml.Node]bool{}, &fields)
	return fields, true
}

// mostMerged bounds the work that a file of merge keys can make.
const mostMerged = 100

// collect appends n's entries and then, unless n's own or earlier ones give the same key, those it merges. seen ends a
// mapping that merges itself and keeps one that is merged a thousand times from being read a thousand times.
func (r *reader) collect(n *yaml.Node, path string, taken map[string]bool, seen map[*yaml.Node]bool, fields *[]field) {
	if seen[n] {
		return
	}
	if len(seen) > mostMerged {
		r.Add(position(n), path, "is merged of more than %d mappings; write the fields out", mostMerged)
		r.flawed[path] = true
		return
	}
	seen[n] = true
	own := map[string]Position{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := resolve(n.Content[i]), resolve(n.Content[i+1])
		at := position(n.Content[i])
		switch {
		case key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge":
			merged = append(merged, r.sources(n.Content[i+1], path)...)
			continue
		case key.Kind != yaml.ScalarNode:
			r.Add(at, path, "found %s as a key; a name is right", describe(key))
			continue
		case key.ShortTag() != "!!str":
			r.Add(at, path, "found %s as a key; a name is right: in quotes it would be one", describe(key))
			continue
		}
		if first, ok := own[key.Value]; ok {
			r.Add(at, join(path, key.Value), "is given twice, first in line %d; keep one", first.Line)
			continue
		}
		own[key.Value] = at
		if !taken[key.Value] {
			taken[key.Value] = true
			*fields = append(*fields, field{key.Value, n.Content[i], value})
		}
	}
	for _, m := range merged {
		r.collect(m, path, taken, seen, fields)
	}
}

// sources are the mappings that the value of a merge key names.
func (r *reader) sources(value *yaml.Node, path string) []*yaml.Node {
	list := []*yaml.Node{value}
	if resolve(value).Kind == yaml.SequenceNode {
		list = resolve(value).Content
	}
	var out []*yaml.Node
	for _, v := range list {
		if m := resolve(v); m.Kind == yaml.MappingNode {
			out = append(out, m)
		} else {
			r.Add(position(v), path, "found %s after \"<<\"; an alias of a mapping, such as *base, or a list of them is right", describe(m))
		}
	}
	return out
}
