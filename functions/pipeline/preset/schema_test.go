package preset_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/presize/presize/functions/pipeline/preset"
)

// unseen are the problems that a JSON Schema does not see, and why.
var unseen = map[string]string{
	"field/underscores":                          "YAML reads them as a number",
	"field/hexadecimal":                          "YAML reads it as a number",
	"field/True":                                 "YAML reads it as true",
	"field/a date":                               "YAML reads it as a date, which JSON writes as text",
	"field/a size beyond any":                    "the schema does not multiply",
	"across/cover with one side":                 "it takes several fields",
	"across/contain from defaults with one side": "it takes several fields",
	"across/gravity without an effect":           "it takes several fields",
	"across/smart padding":                       "it takes several fields",
	"across/what JPEG has not":                   "it takes several fields",
	"across/what PNG has not":                    "it takes several fields",
	"across/what WebP has not":                   "it takes several fields",
	"across/effort of GIF":                       "it takes several fields",
	"across/a format from defaults":              "it takes several fields",
	"across/a glob that is none":                 "a glob is no regular expression",
	"across/a match from the root":               "it is a glob",
	"across/a match with the prefix":             "it takes several fields",
	"prefix/equal":                               "it takes several fields",
	"prefix/resized within":                      "it takes several fields",
	"prefix/originals within":                    "it takes several fields",
	"prefix/originals within the default":        "it takes several fields",
	"prefix/a way up":                            "the pattern has no way to say so",
}

// TestSchemaAgreesWithLoader: what loads is right by the schema, too, and what does not load is wrong by it wherever a
// schema can tell.
func TestSchemaAgreesWithLoader(t *testing.T) {
	schema := compileSchema(t)
	project, err := os.ReadFile(projectFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(schema, string(project)); err != nil {
		t.Errorf("presets.yaml: %v", err)
	}
	for _, tc := range goodFiles {
		if err := validate(schema, tc.yaml); err != nil {
			t.Errorf("%s: the loader takes it and the schema does not: %v", tc.name, err)
		}
	}
	left := maps.Clone(unseen)
	for group, cases := range problemGroups {
		if group == "syntax" {
			continue // there is no document to look at
		}
		for _, tc := range cases {
			name := group + "/" + tc.name
			_, expected := unseen[name]
			delete(left, name)
			expected = expected || group == "template" // the template's grammar is the loader's
			switch err := validate(schema, tc.yaml); {
			case err == nil && !expected:
				t.Errorf("%s: the schema takes it and the loader does not", name)
			case err != nil && expected:
				t.Errorf("%s: the schema sees it after all: %v", name, err)
			}
		}
	}
	for name := range left {
		t.Errorf("%s is not a problem", name)
	}
}

// TestSchemaTakesEveryChoice: each value that the schema offers for a field loads.
func TestSchemaTakesEveryChoice(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Enum []string
			}
		} `json:"$defs"`
	}
	data, err := os.ReadFile("presets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	choices := 0
	for field, property := range schema.Defs["Settings"].Properties {
		for _, value := range property.Enum {
			choices++
			if _, err := preset.Load("p.yaml", []byte("defaults: {"+field+": \""+value+"\"}\npresets: {a: {width: 1, height: 1}}")); err != nil {
				t.Error(err)
			}
		}
	}
	if choices < 25 {
		t.Errorf("only %d choices were tried", choices)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("presets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("presets.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("presets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate holds a YAML file to the schema as an editor does, by way of JSON.
func validate(schema *jsonschema.Schema, text string) error {
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}
