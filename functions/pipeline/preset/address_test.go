package preset_test

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/preset"
)

func TestURLPath(t *testing.T) {
	for key, want := range map[string]string{
		"resized/small/users/42/cat.jpg": "resized/small/users/42/cat.jpg",
		"a b+c.jpg":                      "a%20b%2Bc.jpg",
		"100%.jpg":                       "100%25.jpg",
		"café/cafe\u0301.jpg":            "caf%C3%A9/cafe%CC%81.jpg",
		"a?b#c&d=e.jpg":                  "a%3Fb%23c%26d%3De.jpg",
		`a"b'c(d)e,f;g*h!i~j@k$l:m[n]`:   "a%22b%27c%28d%29e%2Cf%3Bg%2Ah%21i%7Ej%40k%24l%3Am%5Bn%5D",
		"a//b\n\x00":                     "a//b%0A%00",
		"a-b._c":                         "a-b._c",
	} {
		if got := preset.URLPath(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		key := string(rapid.SliceOf(rapid.Byte()).Draw(t, "key"))
		if back, err := url.PathUnescape(preset.URLPath(key)); err != nil || back != key {
			t.Fatalf("%q came back as %q, %v", key, back, err)
		}
	})
}

func TestOriginalPrefix(t *testing.T) {
	for _, tc := range []struct{ template, want string }{
		{defaultTemplate, ""},
		{"{dir}{preset}/{name}.{ext}", ""},
		{"{dir}{preset}-{name}.{ext}", ""},
		{"{name}/{preset}/{dir}x.{ext}", ""},
		{"{name}/{dir}{preset}.{ext}", "resized/cat/a/b/"},
		{"{dir}{file}/{preset}.{ext}", "resized/a/b/cat.jpg/"},
		{"{dir}{name}/{preset}.{ext}", "resized/a/b/cat/"},
		{"{dir}{name}-{preset}.{ext}", "resized/a/b/cat-"},
		{"v1/{dir}x/{name}/y-{preset}.{ext}", "resized/v1/a/b/x/cat/y-"},
	} {
		c := layout(tc.template, "small", "large")
		prefix, ok := c.OriginalPrefix("originals/a/b/cat.jpg")
		if prefix != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %q, %v", tc.template, prefix, ok)
		}
		for _, p := range c.Presets {
			if key, err := c.VariantKey(p, "originals/a/b/cat.jpg", preset.WebP); err != nil || !strings.HasPrefix(key, prefix) {
				t.Errorf("%s: %q, %v", tc.template, key, err)
			}
		}
	}
	if _, ok := layout("{dir}{file}/{preset}.{ext}", "small").OriginalPrefix("originals/"); ok {
		t.Error("a folder has variants")
	}
}
