package machine

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

func TestChoose(t *testing.T) {
	config, err := preset.LoadFile(filepath.Join("..", "..", "..", "presets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		there, names, want []string
	}{
		"names of their own":             {nil, []string{"a.jpg", "b.jpg", "x/a.jpg"}, []string{"a.jpg", "b.jpg", "x/a.jpg"}},
		"the same again":                 {nil, []string{"a.jpg", "a.jpg"}, []string{"a.jpg", "a.jpg"}},
		"one name, two extensions":       {nil, []string{"test.heic", "test.gif"}, []string{"test.heic", "gif/test.gif"}},
		"beside one that is there":       {[]string{"originals/test.heic"}, []string{"test.gif"}, []string{"gif/test.gif"}},
		"again, as the last time":        {[]string{"originals/test.heic", "originals/gif/test.gif"}, []string{"test.gif"}, []string{"gif/test.gif"}},
		"in a folder":                    {nil, []string{"x/a.png", "x/a.jpg"}, []string{"x/a.png", "x/jpg/a.jpg"}},
		"the folder does not help":       {[]string{"originals/jpg/a.png"}, []string{"a.png", "a.jpg"}, []string{"a.png", "jpg3/a.jpg"}},
		"without an extension":           {nil, []string{"a.jpg", "a"}, []string{"a.jpg", "2/a"}},
		"upper case is another's key":    {nil, []string{"A.JPG", "a.jpg"}, []string{"A.JPG", "a.jpg"}},
		"extensions that differ by case": {nil, []string{"a.JPG", "a.jpg"}, []string{"a.JPG", "jpg/a.jpg"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bucket := store.NewMemory()
			for _, key := range test.there {
				if _, err := bucket.Put(context.Background(), key, store.Object{}); err != nil {
					t.Fatal(err)
				}
			}
			p, err := newPlaces(context.Background(), config, bucket)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, name := range test.names {
				got = append(got, p.choose(name))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("chosen (-want +got):\n%s", diff)
			}
		})
	}
}

// What is deleted makes room.
func TestRelease(t *testing.T) {
	config, err := preset.LoadFile(filepath.Join("..", "..", "..", "presets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlaces(context.Background(), config, store.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	p.claim("originals/a.png")
	p.release("originals/a.png")
	if got := p.choose("a.jpg"); got != "a.jpg" {
		t.Errorf("chosen %s; want a.jpg", got)
	}
}
