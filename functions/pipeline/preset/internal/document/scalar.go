package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

func (r *reader) wrong(n *yaml.Node, path, right string) {
	r.Add(position(n), path, "found %s; %s", describe(n), right)
}

func (r *reader) text(target *string, n *yaml.Node, path string, rules rules) {
	value, ok := n.Value, n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str"
	length := utf8.RuneCountInString(value)
	switch {
	case len(rules.enum) > 0 && (!ok || !slices.Contains(rules.enum, value)):
		right := list(rules.enum) + " is right"
		if near := Nearest(strings.ToLower(value), rules.enum); ok && near != "" {
			right = fmt.Sprintf("did you mean %q? %s", near, right)
		}
		r.wrong(n, path, right)
	case !ok && slices.Contains([]string{"!!bool", "!!int", "!!float", "!!timestamp"}, n.ShortTag()):
		r.wrong(n, path, "text is right: put it in quotes")
	case !ok:
		r.wrong(n, path, orElse(rules.note, "text is right"))
	case length < rules.minLength:
		r.wrong(n, path, orElse(rules.note, "text is right; leave the field out for its default"))
	case rules.maximal > 0 && length > rules.maximal:
		r.Add(position(n), path, "is %d characters long; %d is the most", length, rules.maximal)
	case rules.pattern != nil && !rules.pattern.MatchString(value):
		r.wrong(n, path, repair(value, rules.pattern)+rules.note)
	default:
		*target = value
	}
}

// repair is advice to write what a slash or a "#" turns value into, when that is right.
func repair(value string, pattern *regexp.Regexp) string {
	trimmed := strings.TrimLeft(value, "/")
	for _, better := range []string{value + "/", trimmed, trimmed + "/", "#" + value, strings.ToLower(value)} {
		if pattern.MatchString(better) {
			return fmt.Sprintf("write %q: ", better)
		}
	}
	return ""
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (r *reader) boolean(target *bool, n *yaml.Node, path string) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || (n.Value != "true" && n.Value != "false") {
		r.wrong(n, path, "true or false is right, without quotes")
		return
	}
	*target = n.Value == "true"
}
