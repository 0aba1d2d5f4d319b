package preset_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/preset"
)

var formats = []preset.Format{preset.JPEG, preset.PNG, preset.WebP, preset.AVIF, preset.GIF}

// TestKeysComeBack holds for whatever the loader accepts: a variant's key is read back as what it was made of, and no two
// presets write one key for any two originals.
func TestKeysComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := rapid.SampledFrom([]string{
			defaultTemplate, "{preset}/{dir}{file}.{ext}", "{dir}{preset}-{name}.{ext}", "{dir}{name}-{preset}.{ext}",
			"{dir}{name}_{preset}.{ext}", "{dir}{file}.{preset}.{ext}", "{dir}{preset}--{name}.{ext}", "{dir}{preset}-@_{name}.{ext}",
			"{dir}{preset}/{name}.{ext}", "x/{name}/{dir}y/{preset}.{ext}", "{dir}{name}-é_{preset}-.{ext}", "-{preset}/{dir}a{name}b.{ext}",
		}).Draw(t, "template")
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[ab][ab_-]{0,3}`), 1, 6, rapid.ID).Draw(t, "names")
		var presets strings.Builder
		for _, n := range names {
			fmt.Fprintf(&presets, "  %q: {width: 1}\n", n)
		}
		c, err := preset.Load("presets.yaml", fmt.Appendf(nil, "key: %q\npresets:\n%s", template, presets.String()))
		if err != nil {
			t.Skip("the loader refuses these names together")
		}
		key := rapid.Custom(func(t *rapid.T) string {
			parts := rapid.SliceOfN(rapid.SampledFrom([]string{
				"a", "b", "-", "_", "--", "-@_", "é", "e\u0301", "/", "//", ".", "..", ".jpg", ".PNG", ".tar", " ", "+", "%2F", "\n", "{name}", "-é_",
			}), 1, 8).Draw(t, "parts")
			return strings.Join(parts, "")
		})
		written := map[string]string{}
		for range 3 {
			original := "originals/" + key.Draw(t, "original")
			relative, reason := c.Classify(original)
			if reason != "" {
				continue
			}
			for _, p := range c.Presets {
				out := rapid.SampledFrom(formats).Draw(t, "format")
				variant, err := c.VariantKey(p, original, out)
				if err != nil {
					t.Fatal(err)
				}
				name, dir, file, ext, ok := c.ParseVariantKey(variant)
				if !ok || name != p.Name || !strings.HasPrefix(relative, dir+file) || !strings.HasSuffix(variant, "."+ext) {
					t.Fatalf("%q of %q by %q came back as %q, %q, %q, %q, %v", variant, original, p.Name, name, dir, file, ext, ok)
				}
				if other, ok := written[variant]; ok && other != p.Name {
					t.Fatalf("%q is written by %q and by %q", variant, other, p.Name)
				}
				written[variant] = p.Name
			}
		}
	})
}

// FuzzParseVariantKey reads keys that anybody may have put there: what is read is what would be written.
func FuzzParseVariantKey(f *testing.F) {
	for _, key := range []string{
		"resized/small/users/42/cat.jpg", "resized/a-b-c.JPG", "resized/x/small/.jpg", "resized//a.webp", "resized/é/\xff.png", "resized/a@-.gif",
	} {
		for i := range fuzzTemplates {
			f.Add(key, i)
		}
	}
	f.Fuzz(func(t *testing.T, key string, i int) {
		template := fuzzTemplates[uint(i)%uint(len(fuzzTemplates))]
		c := layout(template, "small", "a", "b-c")
		name, dir, file, ext, ok := c.ParseVariantKey(key)
		if !ok {
			return
		}
		fill := strings.NewReplacer("{preset}", name, "{dir}", dir, "{name}", file, "{file}", file, "{ext}", ext)
		if got := c.Resized + fill.Replace(template); got != key {
			t.Errorf("%s: %q was read as %+v, which writes %q", template, key, parsed{name, dir, file, ext}, got)
		}
	})
}

var fuzzTemplates = []string{
	defaultTemplate, "{dir}{preset}-{name}.{ext}", "{dir}{name}-{preset}.{ext}", "{dir}{name}-@_{preset}.{ext}",
	"{dir}{preset}é{file}.{ext}", "x/{name}/{dir}y/{preset}.{ext}",
}

// FuzzVariantKey makes keys of whatever an upload may be called.
func FuzzVariantKey(f *testing.F) {
	for _, key := range []string{"originals/a.jpg", "originals//.JPG", "originals/a.b/c", "resized/a", "originals/\xff.png", "originals/" + strings.Repeat("x", 1014)} {
		f.Add(key, 0)
	}
	f.Fuzz(func(t *testing.T, original string, i int) {
		c := layout(fuzzTemplates[uint(i)%uint(len(fuzzTemplates))], "small", "a", "b-c")
		for _, p := range c.PresetsFor(original) {
			for _, key := range c.PredictKeys(p, original) {
				name, dir, _, _, ok := c.ParseVariantKey(key)
				if !ok || name != p.Name || !strings.HasPrefix(original, c.Originals+dir) {
					t.Errorf("%q of %q by %q came back as preset %q in %q, %v", key, original, p.Name, name, dir, ok)
				}
				if len(key) > preset.MaxKeyBytes || utf8.ValidString(original) && !utf8.ValidString(key) {
					t.Errorf("%q of %q is not a key", key, original)
				}
				if _, reason := c.Classify(key); reason != preset.InsideResized {
					t.Errorf("%q of %q would be rendered again", key, original)
				}
			}
		}
	})
}
