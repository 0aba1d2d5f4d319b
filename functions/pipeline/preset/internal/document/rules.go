package document

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rules are the bounds of one field, as its struct tags state them for the schema and the reader alike.
type rules struct {
	enum               []string
	minimum, maximum   float64
	minLength, maximal int // characters; maximal 0: no bound
	pattern            *regexp.Regexp
	fallback           string // the default's text
	hasFallback        bool
	required           bool
	note               string // what would be right, where the bounds alone do not say it well
}

func rulesOf(f reflect.StructField) rules {
	r := rules{note: f.Tag.Get("note")}
	for part := range strings.SplitSeq(f.Tag.Get("jsonschema"), ",") {
		word, value, _ := strings.Cut(part, "=")
		switch word {
		case "":
		case "enum":
			r.enum = append(r.enum, value)
		case "minimum":
			r.minimum = number(value)
		case "maximum":
			r.maximum = number(value)
		case "minLength":
			r.minLength = int(number(value))
		case "maxLength":
			r.maximal = int(number(value))
		case "pattern":
			r.pattern = regexp.MustCompile(value)
		case "default":
			r.fallback, r.hasFallback = value, true
		case "required":
			r.required = true
		default:
			panic("document: " + f.Name + ": the reader does not know the rule " + word)
		}
	}
	return r
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("document: " + err.Error())
	}
	return n
}

// known are the fields of a struct type by their name in the file, those of embedded structs among them.
type known struct {
	names []string // in the order of the type
	index map[string][]int
	rules map[string]rules
}

func knownOf(t reflect.Type) known {
	k := known{index: map[string][]int{}, rules: map[string]rules{}}
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("yaml")
		if f.Anonymous || name == "-" {
			continue
		}
		k.names = append(k.names, name)
		k.index[name] = f.Index
		k.rules[name] = rulesOf(f)
	}
	return k
}

// sorted is for messages that list every field.
func (k known) sorted() []string { return slices.Sorted(slices.Values(k.names)) }
