package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/command"
)

// bucket has six originals: a and b up to date, c stale by its preset large, d by its original, e and f missing; an orphan,
// and something foreign.
func bucket(t *testing.T) (*preset.Config, *store.Memory) {
	t.Helper()
	photo, err := os.ReadFile("../../../testdata/originals/photos/cat.jpg")
	if err != nil {
		t.Fatal(err)
	}
	config, err := preset.Load("presets.yaml", []byte("presets:\n  small: {width: 10}\n  large: {width: 20}\n"))
	if err != nil {
		t.Fatal(err)
	}
	b := store.NewMemory()
	put := func(key string, body []byte, metadata map[string]string) string {
		etag, err := b.Put(t.Context(), key, store.Object{Body: body, Metadata: metadata})
		if err != nil {
			t.Fatal(err)
		}
		return etag
	}
	for _, name := range []string{"a/a", "a/b", "a/c", "a/d", "e", "f"} {
		etag := put("originals/"+name+".jpg", photo, nil)
		for _, p := range config.Presets {
			fingerprint := p.Fingerprint(imaging.Renderer)
			switch {
			case name == "a/c" && p.Name == "large":
				fingerprint = "old"
			case name == "a/d":
				etag = "old"
			case name == "e" || name == "f":
				continue
			}
			put("resized/"+p.Name+"/"+name+".jpg", nil, map[string]string{
				"presize-original": "originals/" + name + ".jpg", "presize-original-etag": etag, "presize-preset": p.Name, "presize-fingerprint": fingerprint,
			})
		}
	}
	put("resized/small/gone.jpg", nil, map[string]string{"presize-original": "originals/gone.jpg", "presize-fingerprint": "f"})
	put("resized/robots.txt", []byte("hello"), nil)
	return config, b
}

// TestPlanJSON holds the names of the fields, which others read, and what the flags select.
func TestPlanJSON(t *testing.T) {
	config, b := bucket(t)
	tomorrow := time.Now().Add(24 * time.Hour).Format(time.RFC3339)
	type presets = map[string][]float64 // originals, up to date, missing, stale, by original, by preset
	for _, c := range []struct {
		flags     string
		want      presets
		run       []float64 // originals, variants, missing, stale, up to date
		unplanned bool
	}{
		{"", presets{"small": {6, 3, 2, 1, 1, 0}, "large": {6, 2, 2, 2, 1, 1}}, []float64{4, 7, 4, 3, 0}, false},
		{"--only missing", presets{"small": {6, 3, 2, 1, 1, 0}, "large": {6, 2, 2, 2, 1, 1}}, []float64{2, 4, 4, 0, 0}, false},
		{"--only stale", presets{"small": {6, 3, 2, 1, 1, 0}, "large": {6, 2, 2, 2, 1, 1}}, []float64{2, 3, 0, 3, 0}, false},
		{"--only all", presets{"small": {6, 3, 2, 1, 1, 0}, "large": {6, 2, 2, 2, 1, 1}}, []float64{6, 12, 4, 3, 5}, false},
		{"--preset small", presets{"small": {6, 3, 2, 1, 1, 0}}, []float64{3, 3, 2, 1, 0}, false},
		{"--prefix a/", presets{"small": {4, 3, 0, 1, 1, 0}, "large": {4, 2, 0, 2, 1, 1}}, []float64{2, 3, 0, 3, 0}, false},
		{"--match *.jpg", presets{"small": {2, 0, 2, 0, 0, 0}, "large": {2, 0, 2, 0, 0, 0}}, []float64{2, 4, 4, 0, 0}, false},
		{"--since 1h", presets{"small": {6, 3, 2, 1, 1, 0}, "large": {6, 2, 2, 2, 1, 1}}, []float64{4, 7, 4, 3, 0}, false},
		{"--since " + tomorrow, presets{"small": {0, 0, 0, 0, 0, 0}, "large": {0, 0, 0, 0, 0, 0}}, []float64{0, 0, 0, 0, 0}, false},
		{"--max-objects 1 --preset small", nil, []float64{1, 1, 0, 1, 0}, true},
	} {
		t.Run(c.flags, func(t *testing.T) {
			out, err := command.PlanOf(context.Background(), config, b, append(strings.Fields(c.flags), "--json", "--index", "none")...)
			if err != nil {
				t.Fatal(err)
			}
			var d map[string]any
			if err := json.Unmarshal([]byte(out), &d); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			got := presets{}
			for _, p := range d["presets"].([]any) {
				m := p.(map[string]any)
				got[m["preset"].(string)] = numbers(m, "originals", "up_to_date", "missing", "stale", "stale_by_original", "stale_by_preset")
			}
			run := d["run"].(map[string]any)
			if diff := cmp.Diff(c.want, got); diff != "" && c.want != nil {
				t.Errorf("presets: (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.run, numbers(run, "originals", "variants", "missing", "stale", "up_to_date")); diff != "" {
				t.Errorf("run: (-want +got)\n%s", diff)
			}
			if d["complete"] != !c.unplanned || len(d["rates"].([]any)) == 0 {
				t.Errorf("complete is %v, with %d rates", d["complete"], len(d["rates"].([]any)))
			}
			for _, way := range []string{"here", "lambda", "batch"} {
				estimate := run["estimates"].(map[string]any)[way].(map[string]any)
				if dollars := estimate["dollars"].(float64); (dollars > 0) != (c.run[0] > 0) {
					t.Errorf("%s costs %v", way, dollars)
				}
			}
		})
	}
}

func numbers(m map[string]any, names ...string) (out []float64) {
	for _, name := range names {
		n, ok := m[name].(float64)
		if !ok {
			panic(fmt.Sprintf("no number %s in %v", name, m))
		}
		out = append(out, n)
	}
	return out
}

// TestPlanTables holds that people are told what matters, in the first plan and in one by the index.
func TestPlanTables(t *testing.T) {
	config, b := bucket(t)
	index := t.TempDir() + "/index"
	for _, c := range []struct {
		flags []string
		want  []string
	}{
		{nil, []string{
			"photos/originals/ -> resized/", "small           6           3        2      1            1          0        0      0",
			"orphan           1  0 B  the original is gone", "foreign          1  5 B", "A run would read 4 originals (109 kB, about 1 megapixels by a sample of 4) and render 7 variants: 4 missing, 3 stale.",
			"S3 Batch Operations", "[1] third parties", "Change a rate by --rate name=value", "This plan sent ", "11 HEADs and 4 GETs", "The index saved 0 HEADs",
		}},
		{[]string{"--only", "stale", "--preset", "small", "--prefix", "e"}, []string{"Nothing to do with --only stale; 1 other variants are missing or stale."}},
		{[]string{"--prefix", "a/a"}, []string{"Nothing to do: every variant is up to date."}},
		{[]string{"--prefix", "nowhere/"}, []string{"Nothing to do: there are no originals here"}},
		{[]string{"--rate", "s3-put=1000", "--sample", "0"}, []string{"megapixels guessed by bytes", "--rate", "$14"}},
	} {
		out, err := command.PlanOf(context.Background(), config, b, append(c.flags, "--index", index)...)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%q: no %q in\n%s", c.flags, want, out)
			}
		}
	}
}

func TestBadSelection(t *testing.T) {
	config, b := bucket(t)
	for flags, want := range map[string]string{
		"--only some":         `--only is "some"; missing, stale or all is right`,
		"--since yesterday":   `--since is "yesterday"; a time such as`,
		"--since -1h":         `--since is "-1h"`,
		"--preset big":        `--preset is "big"; presets.yaml has small, large`,
		"--prefix /a":         `--prefix is "/a"`,
		"--prefix originals/": `--prefix is "originals/"; it is below the originals prefix: "" is right`,
		"--match [a":          `--match is "[a", which is not a glob`,
		"--match originals/*": `--match is "originals/*"; it is below the originals prefix: "*" is right`,
		"--max-objects -1":    `--max-objects is -1`,
	} {
		if _, err := command.PlanOf(context.Background(), config, b, strings.Fields(flags)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", flags, err, want)
		}
	}
}
