package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/backfill/engine"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}

func TestFailures(t *testing.T) {
	const line = `{"original":"originals/b.jpg","reason":"corrupt","error":"broken \"off\""}` + "\n"
	for name, c := range map[string]struct {
		before         string
		resumed, reads bool
		adds, finished bool
		want, part     string
	}{
		"none":                         {"", false, false, false, true, "", ""},
		"none, of a new run":           {"old\n", false, false, false, true, "old\n", ""},
		"a new run's":                  {"old\n", false, false, true, true, line, ""},
		"a resumed run's":              {"old\n", true, false, true, true, "old\n" + line, ""},
		"a resumed run's, torn":        {"old\n{\"orig", true, false, true, true, "old\n" + line, ""},
		"reads the file, and stops":    {"old\n", false, true, true, false, "old\n", line},
		"reads the file, and is done":  {"old\n", false, true, true, true, line, ""},
		"reads the file, none is left": {"old\n", false, true, false, true, "", ""},
		"reads the file, stops":        {"old\n", false, true, false, false, "old\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "failures.jsonl")
			if c.before != "" {
				write(t, path, c.before)
			}
			f := &engine.Failures{Path: path, Resumed: c.resumed, Reads: c.reads}
			if err := f.Check(); err != nil {
				t.Fatal(err)
			}
			if c.adds {
				if err := f.Add(engine.Failure{Original: "originals/b.jpg", Reason: "corrupt", Error: `broken "off"`}); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.Close(c.finished); err != nil {
				t.Fatal(err)
			}
			if got := read(t, path); got != c.want {
				t.Errorf("the file has %q, want %q", got, c.want)
			}
			if got := read(t, path+".part"); got != c.part {
				t.Errorf("the part has %q, want %q", got, c.part)
			}
		})
	}
	if err := (&engine.Failures{Path: filepath.Join(t.TempDir(), "no", "folder")}).Check(); err == nil || !strings.Contains(err.Error(), "--failures") {
		t.Errorf("error %v", err)
	}
}

// The part of a run that was stopped is of that run alone.
func TestFailuresStalePart(t *testing.T) {
	for name, c := range map[string]struct {
		failures   *engine.Failures
		want, part string
	}{
		"another run":                 {&engine.Failures{Reads: true}, "", ""},
		"resumed":                     {&engine.Failures{Reads: true, Resumed: true}, "part\n", ""},
		"some presets":                {&engine.Failures{Reads: true, Resumed: true, Keeps: true}, "old\n", ""},
		"some presets of another run": {&engine.Failures{Reads: true, Keeps: true}, "old\n", "part\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.failures
			f.Path = filepath.Join(t.TempDir(), "failures.jsonl")
			write(t, f.Path, "old\n")
			write(t, f.Path+".part", "part\n")
			if err := f.Close(true); err != nil {
				t.Fatal(err)
			}
			if got, part := read(t, f.Path), read(t, f.Path+".part"); got != c.want || part != c.part {
				t.Errorf("the file has %q and the part %q, want %q and %q", got, part, c.want, c.part)
			}
		})
	}
}

func TestFromFailures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	write(t, path, `{"original":"originals/a.jpg","reason":"corrupt","etag":"x"}

  originals/b c.jpg
{"original":"originals/a.jpg","reason":"transient"}
originals/b c.jpg`)
	var got []engine.Item
	for item, err := range engine.FromFailures(path, []string{"small"}, false)(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item)
	}
	want := []engine.Item{
		{Key: "originals/a.jpg", Size: -1, Presets: []string{"small"}, Look: true},
		{Key: "originals/b c.jpg", Size: -1, Presets: []string{"small"}, Look: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	write(t, path, "a\n{\"reason\":\"corrupt\"}\n")
	for _, from := range []string{path, path + " is not there"} {
		var last error
		for _, err := range engine.FromFailures(from, nil, true)(t.Context()) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), from) {
			t.Errorf("error %v", last)
		}
	}
}
