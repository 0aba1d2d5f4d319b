package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// describe says what a node is, in the words of whoever wrote the file.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	value := n.Value
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str":
		return quote(value)
	case "!!bool", "!!int", "!!float":
		return abridge(value)
	case "!!timestamp":
		return abridge(value) + ", which YAML reads as a date"
	}
	return fmt.Sprintf("%s %s", abridge(n.Tag), quote(value))
}

// quote is text as a message shows it: on one line, and not much of it.
func quote(s string) string { return strconv.Quote(abridge(s)) }

func abridge(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}

// join is the path of a field within another, quoted where it would not read as one word.
func join(path, name string) string {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			name = quote(name)
			break
		}
	}
	if name == "" {
		name = `""`
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// list is "a, b or c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
