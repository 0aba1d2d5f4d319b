package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

const source = "internal/document"

// generate makes the schema; dir is the folder of package preset, whose comments become the descriptions.
func generate(dir string) ([]byte, error) {
	r := &jsonschema.Reflector{
		Anonymous:                  true,
		ExpandedStruct:             true,
		FieldNameTag:               "yaml",
		RequiredFromJSONSchemaTags: true,
		Mapper:                     mapType,
		CommentMap:                 map[string]string{},
	}
	comments, err := readComments(filepath.Join(dir, source))
	if err != nil {
		return nil, fmt.Errorf("read the comments: %w", err)
	}
	r.LookupComment = func(t reflect.Type, field string) string { return comments[t.Name()+"."+field] }

	s := r.Reflect(&document.Document{})
	s.Title = "presets.yaml of Presize"
	p := r.Reflect(&document.Preset{})
	p.Version = ""
	p.AnyOf = []*jsonschema.Schema{{Required: []string{"width"}}, {Required: []string{"height"}}}
	s.Definitions["Preset"] = p
	limits := s.Definitions["Limits"]
	if limits == nil || s.Definitions["Settings"] == nil {
		return nil, fmt.Errorf("the types of %s are not the ones this generator knows", source)
	}
	boundSize(limits)

	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	return out.Bytes(), nil
}

// mapType describes the types that look otherwise in the file than in Go.
func mapType(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[document.Presets]():
		least := uint64(1)
		reserved := make([]any, len(document.ReservedNames))
		for i, name := range document.ReservedNames {
			reserved[i] = name
		}
		return &jsonschema.Schema{
			Type:                 "object",
			MinProperties:        &least,
			PropertyNames:        &jsonschema.Schema{Pattern: document.NamePattern, Not: &jsonschema.Schema{Enum: reserved}},
			AdditionalProperties: &jsonschema.Schema{Ref: "#/$defs/Preset"},
		}
	case reflect.TypeFor[document.Size]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
			{Type: "integer"},
			{Type: "string", Pattern: document.SizePattern},
		}}
	}
	return nil
}

// boundSize gives the plain number among the ways to write a size the bounds of its struct tag, which the reflector
// reads for plain numbers only.
func boundSize(limits *jsonschema.Schema) {
	field, _ := reflect.TypeFor[document.Limits]().FieldByName("MaxBytes")
	size, _ := limits.Properties.Get("max_bytes")
	for part := range strings.SplitSeq(field.Tag.Get("jsonschema"), ",") {
		word, value, _ := strings.Cut(part, "=")
		switch word {
		case "minimum":
			size.OneOf[0].Minimum = json.Number(value)
		case "maximum":
			size.OneOf[0].Maximum = json.Number(value)
		case "default":
			size.Default = json.Number(value)
		}
	}
}
