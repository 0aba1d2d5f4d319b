package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/presize/presize/functions/pipeline/report"
)

// documents are the files and what each describes.
var documents = []struct {
	file, title string
	document    any
}{
	{"manifest.schema.json", "Manifest of an original, by Presize", &report.Manifest{}},
	{"failure.schema.json", "Failure record of an original, by Presize", &report.FailureRecord{}},
	{"completion.schema.json", "Completion event of an original, by Presize", &report.Completion{}},
}

// generate makes the schemas by file name; dir is the folder of package report, whose comments become the descriptions.
func generate(dir string) (map[string][]byte, error) {
	r := &jsonschema.Reflector{
		Anonymous:                  true,
		ExpandedStruct:             true,
		AllowAdditionalProperties:  true, // a later version of Presize may say more
		RequiredFromJSONSchemaTags: true,
	}
	if err := r.AddGoComments(reflect.TypeFor[report.Manifest]().PkgPath(), dir, jsonschema.WithFullComment()); err != nil {
		return nil, fmt.Errorf("read the comments: %w", err)
	}
	for name, comment := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(comment), " ")
	}
	out := map[string][]byte{}
	for _, d := range documents {
		s := r.Reflect(d.document)
		s.Title = d.title
		if m := s.Definitions["Manifest"]; m != nil {
			relax(m)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(s); err != nil {
			return nil, fmt.Errorf("encode %s: %w", d.file, err)
		}
		out[d.file] = b.Bytes()
	}
	return out, nil
}

// relax makes optional what a truncated event leaves out of its manifest.
func relax(manifest *jsonschema.Schema) {
	manifest.Required = slices.DeleteFunc(manifest.Required, func(field string) bool {
		return field == "variants" || field == "srcset" || field == "failures"
	})
}
