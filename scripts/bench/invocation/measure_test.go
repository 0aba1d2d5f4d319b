package invocation_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/bench/invocation"
	"github.com/presize/presize/scripts/bench/result"
)

// The real functions, from the events to what was measured.
func TestMeasure(t *testing.T) {
	function, node := filepath.Join("..", "..", "..", ".build", "resize"), filepath.Join("..", "..", "..", ".cache", "bench", "node")
	for _, needed := range []string{filepath.Join(function, "bootstrap"), filepath.Join(node, "node_modules", "sharp")} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("`make contestants` makes what this needs: %v", err)
		}
	}
	text := filepath.Join(t.TempDir(), "no image.jpg")
	if err := os.WriteFile(text, []byte("no image at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	photo := result.File{Name: "photo", Path: filepath.Join("..", "..", "..", "testdata", "originals", "formats", "jpeg-420.jpg")}
	cpu := -1
	if runtime.GOOS == "linux" && runtime.NumCPU() > 1 {
		cpu = 0
	}
	before, _ := os.Getwd()
	invocations, colds, err := invocation.Measure(t.Context(), invocation.Options{
		Files: []result.File{{Name: "text", Path: text}, photo}, Cold: []result.File{photo},
		Function: function, Node: node, Rounds: 2, Starts: 1, CPU: cpu, Progress: func(line string) { t.Log(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Getwd(); after != before {
		t.Errorf("the working directory is %s, and was %s", after, before)
	}
	checkInvocations(t, invocations)
	checkColds(t, colds)
}

func checkInvocations(t *testing.T, got []result.Invocation) {
	t.Helper()
	type row struct {
		File, Contestant string
		Samples          int
		Requests         map[string]int
	}
	var rows []row
	for _, i := range got {
		rows = append(rows, row{i.File, i.Contestant, len(i.Samples), i.Requests})
		if (i.Cannot == "") != (i.File == "photo") {
			t.Errorf("%s with %s: cannot %q", i.Contestant, i.File, i.Cannot)
		}
		for _, s := range i.Samples {
			if s.CPU <= 0 || s.Wall <= 0 {
				t.Errorf("%s with %s: %+v", i.Contestant, i.File, s)
			}
		}
	}
	want := []row{
		{"text", "presize", 0, nil}, {"text", "blog", 0, nil},
		// The variants and the manifest; the last look at the original.
		{"photo", "presize", 2, map[string]int{"GET": 1, "HEAD": 1, "PUT": 5}},
		{"photo", "blog", 2, map[string]int{"GET": 1, "PUT": 4}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("invocations (-want +got):\n%s", diff)
	}
}

func checkColds(t *testing.T, got []result.Cold) {
	t.Helper()
	var rows []string
	for _, c := range got {
		if c.Cache == "cold" && len(rows) >= 2 { // where the page cache lets go of files
			continue
		}
		rows = append(rows, c.Contestant+" "+c.File+" "+c.Cache)
		if len(c.Samples) != 1 || c.Samples[0] <= 0 || c.Peak < 1<<20 {
			t.Errorf("%+v", c)
		}
	}
	if diff := cmp.Diff([]string{"presize photo warm", "node-sharp photo warm"}, rows); diff != "" {
		t.Errorf("cold starts (-want +got):\n%s", diff)
	}
}

func TestMeasureRefuses(t *testing.T) {
	tests := map[string]invocation.Options{
		"no function":     {Function: t.TempDir(), Node: t.TempDir(), CPU: -1},
		"negative rounds": {Function: t.TempDir(), Node: t.TempDir(), CPU: -1, Rounds: -1},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, err := invocation.Measure(t.Context(), options); err == nil {
				t.Error("nothing was said")
			}
		})
	}
}
