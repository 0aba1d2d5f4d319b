package preset_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// FuzzLoad reads any bytes: they load or are refused with problems that a person can act on, and what loads can be
// worked with.
func FuzzLoad(f *testing.F) {
	project, err := os.ReadFile(projectFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(project)
	for _, cases := range problemGroups {
		for _, tc := range cases {
			f.Add([]byte(tc.yaml))
		}
	}
	for _, tc := range goodFiles {
		f.Add([]byte(tc.yaml))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := preset.Load("p.yaml", data)
		if (c == nil) == (err == nil) {
			t.Fatalf("neither or both of configuration and error: %v, %v", c, err)
		}
		if err != nil {
			problems := preset.Problems(err)
			if len(problems) == 0 {
				t.Errorf("an error without a problem: %v", err)
			}
			lines := strings.Count(string(data), "\n") + 2
			for _, p := range problems {
				if p.Message == "" || p.Line < 0 || p.Line > lines && !bytes.ContainsAny(data, "\r\u0085\u2028\u2029") || strings.ContainsAny(p.Message+p.Path, "\n\r") {
					t.Errorf("%#v", p)
				}
			}
			return
		}
		for _, p := range c.Presets {
			key, err := c.VariantKey(p, c.Originals+"a/cat.jpg", preset.WebP)
			if errors.Is(err, preset.ErrKeyTooLong) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if name, dir, _, _, ok := c.ParseVariantKey(key); !ok || name != p.Name || dir != "a/" {
				t.Errorf("%q by %q came back as %q in %q, %v", key, p.Name, name, dir, ok)
			}
			if _, reason := c.Classify(key); reason != preset.InsideResized {
				t.Errorf("%q would be rendered again: %q", key, reason)
			}
			if len(p.Fingerprint("1")) != 16 || p.Width == 0 && p.Height == 0 || p.Quality == 0 || !slices.Contains(append(formats, preset.Original), p.Format) {
				t.Errorf("%+v", p)
			}
		}
	})
}
