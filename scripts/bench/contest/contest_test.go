package contest_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/contest"
	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/result"
)

func original(t *testing.T) result.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a \"photo\" & more <1>.jpg")
	if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
		t.Fatal(err)
	}
	return result.File{Name: filepath.Base(path), Path: path}
}

func field(t *testing.T, entrants ...contest.Entrant) *contest.Field {
	t.Helper()
	f, err := contest.NewField(entrants)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestSample: a warm-up and the rounds, each contestant in turn; who cannot is not asked again, and stops nobody else.
func TestSample(t *testing.T) {
	file := original(t)
	f := field(t, entrant(t, "presize", "renders", 1), entrant(t, "refuser", "refuses", 1), entrant(t, "mortal", "dies", 1),
		entrant(t, "babbler", "babbles", 1), entrant(t, "turned", "sideways", 1))
	cells, err := f.Sample(t.Context(), []result.File{file}, 2, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(file.Path + ".log")
	if err != nil {
		t.Fatal(err)
	}
	turns := []string{"presize", "refuser", "mortal", "babbler", "turned", "presize", "turned", "presize", "turned"}
	if diff := cmp.Diff(turns, strings.Fields(string(log))[:len(turns)]); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
	one := []result.Sample{{}, {}}
	want := []result.Cell{
		{Contestant: "presize", Short: "as it is", Samples: one, Variants: []result.Variant{{Preset: "small", Width: 368, Height: 1, Bytes: 6}}},
		{Contestant: "refuser", Cannot: "no decoder"},
		{Contestant: "mortal", Cannot: "out of paint"},
		{Contestant: "babbler", Cannot: "a line that is no answer"},
		{Contestant: "turned", Short: "small is 1 x 368, not 368 x 1; as it is", Samples: one, Variants: []result.Variant{{Preset: "small", Width: 1, Height: 368}}},
	}
	if !f.Pinned() {
		want[0].Variants[0].Height = 1 // by GOMAXPROCS
	}
	for i := range want {
		want[i].File = file.Name
		if strings.Contains(cells[i].Cannot, want[i].Cannot) && want[i].Cannot != "" {
			cells[i].Cannot = want[i].Cannot
		}
	}
	ignored := cmp.Options{cmpopts.IgnoreFields(result.Cell{}, "Peaks"), cmpopts.IgnoreFields(result.Sample{}, "CPU", "Wall")}
	if diff := cmp.Diff(want, cells, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAskAgain: who failed is started anew, and the message says who failed on what.
func TestAskAgain(t *testing.T) {
	file := original(t)
	f := field(t, entrant(t, "idler", "hangs", 1), entrant(t, "mortal", "dies", 1))
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err := f.Ask(ctx, "idler", protocol.Upload{File: file.Path})
		cancel()
		if err == nil || !strings.Contains(err.Error(), "idler, "+file.Name) {
			t.Errorf("%v; want an error that names the contestant and the file", err)
		}
		if _, err := f.Ask(t.Context(), "mortal", protocol.Upload{File: file.Path}); err == nil || !strings.Contains(err.Error(), "out of paint") {
			t.Errorf("%v; want its last words", err)
		}
	}
	if _, err := f.Ask(t.Context(), "nobody", protocol.Upload{}); err == nil {
		t.Error("nobody answered")
	}
}

// TestPinned: a contestant sees as many processors as it was given.
func TestPinned(t *testing.T) {
	file := original(t)
	f := field(t, entrant(t, "one", "renders", 1), entrant(t, "two", "renders", 2))
	for i, e := range f.Entrants {
		answer, err := f.Ask(t.Context(), e.Name, protocol.Upload{File: file.Path})
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Variants[0].Height; got != i+1 {
			t.Errorf("%s sees %d processors", e.Name, got)
		}
	}
	if len(f.Entrants) == 1 && runtime.NumCPU() > 1 {
		t.Error("two cores were there, and the contestant for two was left out")
	}
}

// TestPeak: it is the contestant's own memory, not that of the process that started it.
func TestPeak(t *testing.T) {
	own := make([]byte, 4*appetite)
	for i := 0; i < len(own); i += 4096 {
		own[i] = 1
	}
	f := field(t, entrant(t, "presize", "renders", 1), entrant(t, "glutton", "eats", 1))
	cells, err := f.Sample(t.Context(), []result.File{original(t)}, 1, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if got := cells[0].Peaks[0]; got < 1<<20 || got > appetite {
		t.Errorf("a process that does nothing has %d bytes", got)
	}
	if got := cells[1].Peaks[0]; got < appetite || got > 3*appetite { // the race detector doubles it
		t.Errorf("a process that fills %d bytes has %d", appetite, got)
	}
	runtime.KeepAlive(own)
}

// TestCheckPresets: the peers write what presets.yaml asks, and another preset does not pass unseen.
func TestCheckPresets(t *testing.T) {
	load := func() *preset.Config {
		config, err := preset.LoadFile(filepath.Join("..", "..", "..", "presets.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		return config
	}
	if err := contest.CheckPresets(load()); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*preset.Config){
		"quality": func(c *preset.Config) { c.Presets[1].Quality = 70 },
		"width":   func(c *preset.Config) { c.Presets[2].Width = 1600 },
		"fewer":   func(c *preset.Config) { c.Presets = c.Presets[:3] },
		"order":   func(c *preset.Config) { slices.Reverse(c.Presets) },
	} {
		config := load()
		change(config)
		if err := contest.CheckPresets(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
