package preset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// problemCase is a file and every problem that it has, without the file's name in front.
type problemCase struct {
	name, yaml string
	want       []string
}

// The groups of problems: what YAML itself forbids, one field, several together, the prefixes and the key.
var problemGroups = map[string][]problemCase{
	"syntax": syntaxProblems, "field": fieldProblems, "across": acrossProblems, "prefix": prefixProblems, "template": templateProblems,
}

func TestProblems(t *testing.T) {
	for group, cases := range problemGroups {
		for _, tc := range cases {
			t.Run(group+"/"+tc.name, func(t *testing.T) {
				c, err := preset.Load("presets.yaml", []byte(tc.yaml))
				if c != nil {
					t.Errorf("a configuration came with the error")
				}
				var got []string
				for _, p := range preset.Problems(err) {
					got = append(got, strings.TrimPrefix(p.Error(), "presets.yaml:"))
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestProblemIsTyped(t *testing.T) {
	_, err := preset.Load("dir/p.yaml", []byte("presets:\n  small:\n    widht: 368\n"))
	err = fmt.Errorf("start: %w", err)
	var got *preset.Problem
	if !errors.As(err, &got) {
		t.Fatalf("%v holds no Problem", err)
	}
	want := &preset.Problem{
		File: "dir/p.yaml", Line: 3, Column: 5, Path: "presets.small.widht", Message: `unknown field; did you mean "width"?`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]*preset.Problem{want}, preset.Problems(err)); diff != "" {
		t.Errorf("Problems (-want +got):\n%s", diff)
	}
	if got := preset.Problems(errors.New("other")); got != nil {
		t.Errorf("Problems of another error: %v", got)
	}
}

func TestATooLargeFileIsRefused(t *testing.T) {
	padding := strings.Repeat("#\n", 1<<19)
	if _, err := preset.Load("p.yaml", []byte("presets: {a: {width: 1}}\n"+padding)); err == nil {
		t.Error("more than 1 MiB was read")
	}
	if _, err := preset.Load("p.yaml", []byte("presets: {a: {width: 1}}\n"+padding[:len(padding)-26])); err != nil {
		t.Errorf("less than 1 MiB: %v", err)
	}
}

func TestMergesAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("presets:\n  p0: &p0 {width: 1}\n")
	for i := 1; i <= 101; i++ {
		fmt.Fprintf(&b, "  p%d: &p%d {<<: *p%d}\n", i, i, i-1)
	}
	_, err := preset.Load("p.yaml", []byte(b.String()))
	want := "p.yaml:2:7: presets.p101: is merged of more than 100 mappings; write the fields out"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
