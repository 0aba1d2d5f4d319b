package preset_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// goodFiles are files that load, and something to look at in the last preset of each.
var goodFiles = []struct {
	name, yaml string
	look       func(preset.Preset) any
	want       any
}{
	{"everything by default", "presets: {a: {width: 1}}", func(p preset.Preset) any { return p.Quality }, 80},
	{"defaults below the presets", "presets: {a: {width: 1}}\ndefaults: {quality: 7}", func(p preset.Preset) any { return p.Quality }, 7},
	{"a preset over the defaults", "defaults: {quality: 7}\npresets: {a: {width: 1, quality: 8}}", func(p preset.Preset) any { return p.Quality }, 8},
	{"an alias of a value", "presets: {a: {width: &w 5}, b: {width: *w}}", func(p preset.Preset) any { return p.Width }, 5},
	{"an alias of a preset", "presets: {a: &a {width: 5}, b: *a}", func(p preset.Preset) any { return p.Width }, 5},
	{"a merge", "presets: {a: &a {width: 5, quality: 3}, b: {<<: *a, width: 6}}", func(p preset.Preset) any { return []int{p.Width, p.Quality} }, []int{6, 3}},
	{"a merge of several, the first wins", "presets: {a: &a {width: 5}, b: &b {width: 6, quality: 4}, c: {<<: [*a, *b]}}", func(p preset.Preset) any { return []int{p.Width, p.Quality} }, []int{5, 4}},
	{"a merge that merges", "presets: {a: &a {width: 5}, b: &b {<<: *a, quality: 4}, c: {<<: *b}}", func(p preset.Preset) any { return []int{p.Width, p.Quality} }, []int{5, 4}},
	{"effort from defaults is for others, too", "defaults: {effort: 10}\npresets: {a: {width: 1, format: jpeg}}", func(p preset.Preset) any { return []int{p.Effort, p.EffortFor(p.Format)} }, []int{10, preset.NoEffort}},
	{"effort of format original", "presets: {a: {width: 1, effort: 10}}", func(p preset.Preset) any { return p.EffortFor(preset.WebP) }, 6},
	{"gravity from defaults", "defaults: {gravity: north}\npresets: {a: {width: 1}}", func(p preset.Preset) any { return p.Gravity }, preset.North},
	{"transparent is the zero colour", "presets: {a: {width: 1, background: transparent}}", func(p preset.Preset) any { return p.Background }, preset.Color{}},
	{"so is any invisible one", "presets: {a: {width: 1, background: \"#ffffff00\"}}", func(p preset.Preset) any { return p.Background }, preset.Color{}},
	{"white", "presets: {a: {width: 1, background: white}}", func(p preset.Preset) any { return p.Background }, preset.Color{R: 255, G: 255, B: 255, A: 255}},
	{"black", "presets: {a: {width: 1, background: black}}", func(p preset.Preset) any { return p.Background }, preset.Color{A: 255}},
	{"#rrggbb", "presets: {a: {width: 1, background: \"#0A0b0c\"}}", func(p preset.Preset) any { return p.Background }, preset.Color{R: 10, G: 11, B: 12, A: 255}},
	{"a byte order mark and CRLF", "\ufeffpresets:\r\n  a:\r\n    width: 3\r\n", func(p preset.Preset) any { return p.Width }, 3},
	{"a number as a quoted name", "presets: {\"150\": {width: 150}}", func(p preset.Preset) any { return p.Name }, "150"},
	{"JSON", `{"presets": {"a": {"width": 3}}}`, func(p preset.Preset) any { return p.Width }, 3},
	{"similar names in folders of their own", "presets: {a: {width: 1}, a-b: {width: 2}}", func(p preset.Preset) any { return p.Name }, "a-b"},
	{"similar names that a foreign separator parts", "key: \"{dir}{preset}@{name}.{ext}\"\npresets: {a: {width: 1}, a-b: {width: 2}}", func(p preset.Preset) any { return p.Name }, "a-b"},
}

func TestLoadGood(t *testing.T) {
	for _, tc := range goodFiles {
		t.Run(tc.name, func(t *testing.T) {
			c := load(t, tc.yaml)
			if diff := cmp.Diff(tc.want, tc.look(c.Presets[len(c.Presets)-1])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
