package preset_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

const defaultTemplate = "{preset}/{dir}{name}.{ext}"

// layout is a configuration with one preset, or those named, and a key template.
func layout(template string, names ...string) *preset.Config {
	c := &preset.Config{Version: 1, Originals: "originals/", Resized: "resized/", Key: template}
	if len(names) == 0 {
		names = []string{"small"}
	}
	for _, n := range names {
		c.Presets = append(c.Presets, preset.Preset{Name: n, Width: 368, Format: preset.Original})
	}
	return c
}

func TestClassify(t *testing.T) {
	nested := &preset.Config{Originals: "a/b/", Resized: "a/c/"}
	for _, tc := range []struct {
		name     string
		c        *preset.Config
		key      string
		relative string
		reason   preset.Reason
	}{
		{"an original", layout(defaultTemplate), "originals/users/42/cat.jpg", "users/42/cat.jpg", ""},
		{"at the top", layout(defaultTemplate), "originals/cat.jpg", "cat.jpg", ""},
		{"without an extension", layout(defaultTemplate), "originals/cat", "cat", ""},
		{"an empty folder name", layout(defaultTemplate), "originals//a.jpg", "/a.jpg", ""},
		{"spaces, plus and percent, as they are", layout(defaultTemplate), "originals/a +%20b.jpg", "a +%20b.jpg", ""},
		{"a variant", layout(defaultTemplate), "resized/small/cat.jpg", "", preset.InsideResized},
		{"the resized prefix", layout(defaultTemplate), "resized/", "", preset.InsideResized},
		{"the originals prefix", layout(defaultTemplate), "originals/", "", preset.Folder},
		{"a folder", layout(defaultTemplate), "originals/users/", "", preset.Folder},
		{"the prefix without its slash", layout(defaultTemplate), "originals", "", preset.OutsideOriginals},
		{"a prefix that goes on", layout(defaultTemplate), "originals-old/cat.jpg", "", preset.OutsideOriginals},
		{"another case", layout(defaultTemplate), "Originals/cat.jpg", "", preset.OutsideOriginals},
		{"a leading slash", layout(defaultTemplate), "/originals/cat.jpg", "", preset.OutsideOriginals},
		{"elsewhere", layout(defaultTemplate), "logs/cat.jpg", "", preset.OutsideOriginals},
		{"nothing", layout(defaultTemplate), "", "", preset.OutsideOriginals},
		{"siblings: an original", nested, "a/b/c.jpg", "c.jpg", ""},
		{"siblings: a variant", nested, "a/c/c.jpg", "", preset.InsideResized},
		{"siblings: above both", nested, "a/c.jpg", "", preset.OutsideOriginals},
	} {
		t.Run(tc.name, func(t *testing.T) {
			relative, reason := tc.c.Classify(tc.key)
			if relative != tc.relative || reason != tc.reason {
				t.Errorf("%q: %q, %q, want %q, %q", tc.key, relative, reason, tc.relative, tc.reason)
			}
		})
	}
}

func TestPresetsFor(t *testing.T) {
	c := load(t, `
presets:
  all: {width: 1}
  users: {width: 1, match: "users/**"}
  jpegs: {width: 1, match: "**/*.{jpg,jpeg}"}
  top: {width: 1, match: "*"}
  cats: {width: 1, match: "**/cat?.[jp][pn]g"}
`)
	for key, want := range map[string][]string{
		"originals/users/42/a.jpg":   {"all", "users", "jpegs"},
		"originals/a.jpg":            {"all", "jpegs", "top"},
		"originals/a.JPG":            {"all", "top"},
		"originals/Users/a.png":      {"all"},
		"originals/x/cat1.png":       {"all", "cats"},
		"originals/x/caté.png":       {"all", "cats"},
		"originals/users/.hidden":    {"all", "users"},
		"originals//a.jpg":           {"all", "jpegs"},
		"resized/small/users/42.jpg": nil,
		"originals/users/":           nil,
		"users/a.jpg":                nil,
	} {
		var got []string
		for _, p := range c.PresetsFor(key) {
			got = append(got, p.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", key, diff)
		}
	}
}

func TestVariantKeyErrors(t *testing.T) {
	c := layout(defaultTemplate)
	p := c.Presets[0]
	if _, err := c.VariantKey(p, "resized/a.jpg", preset.JPEG); !errors.Is(err, preset.ErrNotOriginal) {
		t.Errorf("of a variant: %v", err)
	}
	for _, f := range []preset.Format{preset.Original, "", "tiff"} {
		if _, err := c.VariantKey(p, "originals/a.jpg", f); err == nil {
			t.Errorf("the format %q was taken", f)
		}
	}
	if _, err := layout("{name}").VariantKey(p, "originals/a.jpg", preset.JPEG); err == nil {
		t.Error("a template that is none was taken")
	}

	fits := 1024 - len("resized/small/") - len(".jpg")
	key, err := c.VariantKey(p, "originals/"+strings.Repeat("x", fits), preset.JPEG)
	if err != nil || len(key) != 1024 {
		t.Errorf("of 1024 bytes: %d, %v", len(key), err)
	}
	if _, err := c.VariantKey(p, "originals/"+strings.Repeat("x", fits+1), preset.JPEG); !errors.Is(err, preset.ErrKeyTooLong) {
		t.Errorf("of 1025 bytes: %v", err)
	}
	if _, err := c.VariantKey(p, "originals/"+strings.Repeat("é", fits/2+1), preset.JPEG); !errors.Is(err, preset.ErrKeyTooLong) {
		t.Errorf("of 1025 bytes but fewer characters: %v", err)
	}
}

func TestPredictKeys(t *testing.T) {
	c := layout(defaultTemplate)
	for _, tc := range []struct {
		name, key string
		format    preset.Format
		want      []string
	}{
		{"a format of its own", "originals/a/b.jpg", preset.WebP, []string{"resized/small/a/b.webp"}},
		{"a JPEG", "originals/b.JPG", preset.Original, []string{"b.JPG", "b.webp", "b.png", "b.gif", "b.avif"}},
		{"an AVIF", "originals/b.avif", preset.Original, []string{"b.avif", "b.jpg", "b.webp", "b.png", "b.gif"}},
		{"a HEIC", "originals/b.heic", preset.Original, []string{"b.jpg", "b.webp", "b.png", "b.gif", "b.avif"}},
		{"no extension", "originals/b", preset.Original, []string{"b.jpg", "b.webp", "b.png", "b.gif", "b.avif"}},
		{"not an original", "resized/b", preset.Original, nil},
		{"too long", "originals/" + strings.Repeat("x", 1006), preset.WebP, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := tc.want
			for i, k := range want {
				if !strings.Contains(k, "/") {
					want[i] = "resized/small/" + k
				}
			}
			got := c.PredictKeys(preset.Preset{Name: "small", Format: tc.format}, tc.key)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
