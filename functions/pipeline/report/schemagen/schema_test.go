package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchemasAreCurrent fails when the types have changed and "go generate" has not been run.
func TestSchemasAreCurrent(t *testing.T) {
	t.Chdir("..")
	schemas, err := generate(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range schemas {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got), string(want)); diff != "" {
			t.Errorf("%s is not current; run go generate ./functions/pipeline/report:\n%s", name, diff)
		}
	}
	if there, _ := filepath.Glob("*.schema.json"); len(there) != len(schemas) {
		t.Errorf("%d schemas for the files %v", len(schemas), there)
	}
}
