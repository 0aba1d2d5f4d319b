package preset_test

import (
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// parsed is what ParseVariantKey gives.
type parsed struct {
	preset, dir, name, ext string
}

// TestLayouts maps originals to variants and back.
func TestLayouts(t *testing.T) {
	const byFile, after, before = "{preset}/{dir}{file}.{ext}", "{dir}{name}-{preset}.{ext}", "{dir}{preset}-{name}.{ext}"
	for _, tc := range []struct {
		name, template, original string
		out                      preset.Format
		want                     string
		back                     parsed
	}{
		{"the default", defaultTemplate, "users/42/cat.jpg", preset.JPEG, "small/users/42/cat.jpg", parsed{"small", "users/42/", "cat", "jpg"}},
		{"another format", defaultTemplate, "users/42/cat.jpg", preset.WebP, "small/users/42/cat.webp", parsed{"small", "users/42/", "cat", "webp"}},
		{"at the top", defaultTemplate, "cat.png", preset.PNG, "small/cat.png", parsed{"small", "", "cat", "png"}},
		{"upper case stays", defaultTemplate, "cat.JPG", preset.JPEG, "small/cat.JPG", parsed{"small", "", "cat", "JPG"}},
		{"upper case of another format goes", defaultTemplate, "cat.JPG", preset.AVIF, "small/cat.avif", parsed{"small", "", "cat", "avif"}},
		{"jpeg stays", defaultTemplate, "a.jpeg", preset.JPEG, "small/a.jpeg", parsed{"small", "", "a", "jpeg"}},
		{"jfif stays", defaultTemplate, "a.jfif", preset.JPEG, "small/a.jfif", parsed{"small", "", "a", "jfif"}},
		{"what browsers do not show", defaultTemplate, "a.HEIC", preset.JPEG, "small/a.jpg", parsed{"small", "", "a", "jpg"}},
		{"no extension", defaultTemplate, "photo", preset.GIF, "small/photo.gif", parsed{"small", "", "photo", "gif"}},
		{"dots in folders only", defaultTemplate, "a.b/c.d/photo", preset.JPEG, "small/a.b/c.d/photo.jpg", parsed{"small", "a.b/c.d/", "photo", "jpg"}},
		{"a number is no extension", defaultTemplate, "IMG.2024", preset.JPEG, "small/IMG.2024.jpg", parsed{"small", "", "IMG.2024", "jpg"}},
		{"nor is another type's", defaultTemplate, "archive.tar", preset.JPEG, "small/archive.tar.jpg", parsed{"small", "", "archive.tar", "jpg"}},
		{"two extensions", defaultTemplate, "a.png.jpg", preset.JPEG, "small/a.png.jpg", parsed{"small", "", "a.png", "jpg"}},
		{"a hidden file", defaultTemplate, ".hidden", preset.JPEG, "small/.hidden.jpg", parsed{"small", "", ".hidden", "jpg"}},
		{"a hidden file called as an extension", defaultTemplate, ".jpg", preset.JPEG, "small/.jpg.jpg", parsed{"small", "", ".jpg", "jpg"}},
		{"a dot at the end", defaultTemplate, "a.", preset.JPEG, "small/a..jpg", parsed{"small", "", "a.", "jpg"}},
		{"an empty folder name", defaultTemplate, "/a.jpg", preset.JPEG, "small//a.jpg", parsed{"small", "/", "a", "jpg"}},
		{"several", defaultTemplate, "a///b.jpg", preset.JPEG, "small/a///b.jpg", parsed{"small", "a///", "b", "jpg"}},
		{"dots as folders", defaultTemplate, "../a.jpg", preset.JPEG, "small/../a.jpg", parsed{"small", "../", "a", "jpg"}},
		{"composed", defaultTemplate, "caf\u00e9.jpg", preset.JPEG, "small/caf\u00e9.jpg", parsed{"small", "", "caf\u00e9", "jpg"}},
		{"decomposed", defaultTemplate, "cafe\u0301.jpg", preset.JPEG, "small/cafe\u0301.jpg", parsed{"small", "", "cafe\u0301", "jpg"}},
		{"spaces, plus, percent, quotes", defaultTemplate, `a b+c%2Fd'"e.jpg`, preset.JPEG, `small/a b+c%2Fd'"e.jpg`, parsed{"small", "", `a b+c%2Fd'"e`, "jpg"}},
		{"a newline", defaultTemplate, "a\nb\r.jpg", preset.JPEG, "small/a\nb\r.jpg", parsed{"small", "", "a\nb\r", "jpg"}},
		{"braces", defaultTemplate, "{name}/{ext}.jpg", preset.JPEG, "small/{name}/{ext}.jpg", parsed{"small", "{name}/", "{ext}", "jpg"}},

		{"by file", byFile, "a/cat.jpg", preset.JPEG, "small/a/cat.jpg.jpg", parsed{"small", "a/", "cat.jpg", "jpg"}},
		{"by file, another format", byFile, "a/cat.PNG", preset.WebP, "small/a/cat.PNG.webp", parsed{"small", "a/", "cat.PNG", "webp"}},
		{"before the name", before, "a/cat.jpg", preset.JPEG, "a/small-cat.jpg", parsed{"small", "a/", "cat", "jpg"}},
		{"before a name that looks the same", before, "small-cat.jpg", preset.JPEG, "small-small-cat.jpg", parsed{"small", "", "small-cat", "jpg"}},
		{"after the name", after, "a/cat.jpg", preset.JPEG, "a/cat-small.jpg", parsed{"small", "a/", "cat", "jpg"}},
		{"after a name that looks the same", after, "cat-small.jpg", preset.JPEG, "cat-small-small.jpg", parsed{"small", "", "cat-small", "jpg"}},
		{"parted by a dot", "{dir}{name}.{preset}.{ext}", "a/c.a.t.jpg", preset.JPEG, "a/c.a.t.small.jpg", parsed{"small", "a/", "c.a.t", "jpg"}},
		{"parted by @", "{dir}{preset}@{name}.{ext}", "a/b@c.jpg", preset.JPEG, "a/small@b@c.jpg", parsed{"small", "a/", "b@c", "jpg"}},
		{"parted by é", "{dir}{name}-é-{preset}.{ext}", "a/é-é-é.jpg", preset.JPEG, "a/é-é-é-é-small.jpg", parsed{"small", "a/", "é-é-é", "jpg"}},
		{"a folder within the folder", "{dir}{preset}/{name}.{ext}", "a/b/cat.jpg", preset.JPEG, "a/b/small/cat.jpg", parsed{"small", "a/b/", "cat", "jpg"}},
		{"a folder per original", "{dir}{file}/{preset}.{ext}", "a/b/cat.jpg", preset.JPEG, "a/b/cat.jpg/small.jpg", parsed{"small", "a/b/", "cat.jpg", "jpg"}},
		{"literals all over", "v1/p-{preset}-x/{dir}thumbs/n_{name}_z.{ext}", "a/b/cat.jpg", preset.JPEG, "v1/p-small-x/a/b/thumbs/n_cat_z.jpg", parsed{"small", "a/b/", "cat", "jpg"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := layout(tc.template, "small", "large")
			got, err := c.VariantKey(c.Presets[0], "originals/"+tc.original, tc.out)
			if err != nil || got != "resized/"+tc.want {
				t.Fatalf("%q, %v, want %q", got, err, "resized/"+tc.want)
			}
			var back parsed
			var ok bool
			back.preset, back.dir, back.name, back.ext, ok = c.ParseVariantKey(got)
			if !ok || back != tc.back {
				t.Errorf("back: %+v, %v, want %+v", back, ok, tc.back)
			}
		})
	}
}

func TestParseVariantKeyOfAPresetThatIsGone(t *testing.T) {
	for template, key := range map[string]string{
		defaultTemplate:              "gone/a/cat.jpg",
		"{dir}{preset}/{name}.{ext}": "a/gone/cat.jpg",
		"{dir}{name}.{preset}.{ext}": "a/cat.gone.jpg",
		"{dir}{preset}@{name}.{ext}": "a/gone@cat.jpg",
	} {
		name, dir, file, ext, ok := layout(template).ParseVariantKey("resized/" + key)
		if got, want := (parsed{name, dir, file, ext}), (parsed{"gone", "a/", "cat", "jpg"}); !ok || got != want {
			t.Errorf("%s: %+v, %v, want %+v", template, got, ok, want)
		}
	}
	for _, template := range []string{"{dir}{preset}-{name}.{ext}", "{dir}{name}-{preset}.{ext}"} {
		if _, _, _, _, ok := layout(template).ParseVariantKey("resized/gone-cat-gone.jpg"); ok {
			t.Errorf("%s: a preset that nothing tells from the name was read", template)
		}
	}
}

func TestParseVariantKeyRefuses(t *testing.T) {
	for _, tc := range []struct{ name, template, key string }{
		{"an original", defaultTemplate, "originals/small/a.jpg"},
		{"a folder", defaultTemplate, "resized/small/"},
		{"no preset's folder", defaultTemplate, "resized/a.jpg"},
		{"no extension", defaultTemplate, "resized/small/a"},
		{"an extension that no variant has", defaultTemplate, "resized/small/a.heic"},
		{"a manifest", defaultTemplate, "resized/manifest/a.jpg.json"},
		{"a manifest's folder", defaultTemplate, "resized/manifest/a.jpg"},
		{"a failure", defaultTemplate, "resized/failed/a.jpg"},
		{"no name", defaultTemplate, "resized/small/.jpg"},
		{"a name that no preset has", defaultTemplate, "resized/Small/a.jpg"},
		{"an empty preset", defaultTemplate, "resized//a.jpg"},
		{"another literal", "v1/{preset}/{dir}{name}.{ext}", "resized/v2/small/a.jpg"},
		{"too few folders", "v1/{preset}/{dir}x/{name}.{ext}", "resized/v1/small/a.jpg"},
		{"another separator", "{dir}{preset}@{name}.{ext}", "resized/small!a.jpg"},
		{"a separator cut short", "{dir}{name}@--{preset}.{ext}", "resized/a@-.jpg"},
		{"two presets fit", "{dir}{preset}-{name}.{ext}", "resized/a-b-c.jpg"},
		{"longer than S3 takes", defaultTemplate, "resized/small/" + strings.Repeat("x", 1024) + ".jpg"},
		{"a template that is none", "{name}", "resized/a"},
		{"nothing", defaultTemplate, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if p, dir, name, ext, ok := layout(tc.template, "small", "a", "a-b").ParseVariantKey(tc.key); ok {
				t.Errorf("%q was read as %+v", tc.key, parsed{p, dir, name, ext})
			}
		})
	}
}
