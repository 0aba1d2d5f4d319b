package preset_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStem(t *testing.T) {
	for _, c := range []struct {
		template, original   string
		dir, name            string
		prefix, stem         string // of preset small
		aligned, notOriginal bool
	}{
		{defaultTemplate, "originals/users/42/cat.jpg", "users/42/", "cat", "resized/small/", "resized/small/users/42/cat.", true, false},
		{defaultTemplate, "originals/IMG.2024", "", "IMG.2024", "resized/small/", "resized/small/IMG.2024.", true, false},
		{defaultTemplate, "originals/.jpg", "", ".jpg", "resized/small/", "resized/small/.jpg.", true, false},
		{defaultTemplate, "originals/folder/", "", "", "", "", true, true},
		{defaultTemplate, "resized/cat.jpg", "", "", "", "", true, true},
		{"{preset}/{dir}{file}.{ext}", "originals/a/cat.jpg", "a/", "cat.jpg", "resized/small/", "resized/small/a/cat.jpg.", true, false},
		{"v1/p-{preset}/{dir}{name}.{ext}", "originals/a/cat.jpg", "a/", "cat", "resized/v1/p-small/", "resized/v1/p-small/a/cat.", true, false},
		{"{preset}/{dir}x-{name}.{ext}", "originals/a/cat.jpg", "a/", "cat", "resized/small/", "resized/small/a/x-cat.", false, false},
		{"{dir}{preset}/{name}.{ext}", "originals/a/cat.jpg", "a/", "cat", "resized/", "resized/a/small/cat.", false, false},
		{"x/{name}/{dir}{preset}.{ext}", "originals/a/cat.jpg", "a/", "cat", "resized/x/", "resized/x/cat/a/small.", false, false},
	} {
		config := layout(c.template, "small")
		dir, name, ok := config.Stem(c.original)
		if dir != c.dir || name != c.name || ok == c.notOriginal {
			t.Errorf("%s, %s: the stem is %q, %q, %v", c.template, c.original, dir, name, ok)
		}
		if config.Aligned() != c.aligned {
			t.Errorf("%s: aligned is %v", c.template, config.Aligned())
		}
		if c.notOriginal {
			continue
		}
		if prefix, stem := config.VariantPrefix("small"), config.VariantStem("small", dir, name); prefix != c.prefix || stem != c.stem {
			t.Errorf("%s, %s: prefix %q and stem %q", c.template, c.original, prefix, stem)
		}
	}
}

// TestStemOfVariants holds that an original's stem is that of each of its variants, and begins their keys.
func TestStemOfVariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		config := layout(rapid.SampledFrom([]string{
			defaultTemplate, "{preset}/{dir}{file}.{ext}", "{dir}{name}-{preset}.{ext}", "{dir}{preset}/{name}.{ext}", "x/{name}/{dir}y/{preset}.{ext}",
		}).Draw(t, "template"), "small", "large")
		original := "originals/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "b", "-", ".", "/", "é", " ", ".jpg", ".PNG", ".heic", ".tar",
		}), 1, 6).Draw(t, "parts"), "")
		dir, name, ok := config.Stem(original)
		if !ok {
			t.Skip("no original")
		}
		for _, p := range config.Presets {
			for _, key := range config.PredictKeys(p, original) {
				by, variantDir, variantName, _, ok := config.ParseVariantKey(key)
				if !ok || by != p.Name || variantDir != dir || variantName != name {
					t.Errorf("%q of %q reads as %q, %q, %q, %v", key, original, by, variantDir, variantName, ok)
				}
				if stem := config.VariantStem(p.Name, dir, name); !strings.HasPrefix(key, stem) || !strings.HasPrefix(stem, config.VariantPrefix(p.Name)) {
					t.Errorf("%q begins neither with %q nor %q", key, stem, config.VariantPrefix(p.Name))
				}
			}
		}
	})
}

func TestReserved(t *testing.T) {
	if got := layout(defaultTemplate).Reserved(); !slices.Equal(got, []string{"resized/manifest/", "resized/failed/"}) {
		t.Errorf("reserved are %q", got)
	}
}
