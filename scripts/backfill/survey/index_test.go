package survey_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/backfill/survey"
)

// TestIndex holds that only what was rewritten is looked at again, and that what was written a moment ago is not remembered.
func TestIndex(t *testing.T) {
	p := plant(config(t, presets))
	a, b := p.original("originals/a.jpg"), p.original("originals/b.jpg")
	p.variant("resized/small/a.jpg", a, p.config.Presets[0])
	p.variant("resized/small/b.jpg", b, p.config.Presets[0])
	path := filepath.Join(t.TempDir(), "folder", "index")
	survey1 := func(atOnce bool, heads, saved int64) {
		t.Helper()
		index, err := survey.OpenIndex(path, "here")
		if err != nil {
			t.Fatal(err)
		}
		if atOnce {
			index.TrustAtOnce()
		}
		got, _, cost := found(t, &survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket, Index: index})
		if diff := cmp.Diff(p.expected(), got); diff != "" || cost.Heads != heads || cost.Saved != saved {
			t.Errorf("%+v, want %d HEADs and %d saved (-want +got)\n%s", cost, heads, saved, diff)
		}
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
	}
	survey1(false, 2, 0)
	survey1(true, 2, 0)
	survey1(true, 0, 2)
	p.put("resized/small/a.jpg", "another", mark(a.Key, a.ETag, "small", "old"))
	survey1(true, 1, 1)
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // the same bytes: only the time tells
	p.put("resized/small/a.jpg", "another", mark(a.Key, "old", "small", "old"))
	survey1(true, 1, 1)
	survey1(true, 0, 2)
}

func TestIndexRefuses(t *testing.T) {
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	index, err := survey.OpenIndex(path("used"), "bucket a")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"text": "no index", "zeros": strings.Repeat("\x00", 100_000), "empty folder/": ""} {
		if dir, isDir := strings.CutSuffix(name, "/"); isDir {
			err = os.Mkdir(path(dir), 0o755)
		} else {
			err = os.WriteFile(path(name), []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ file, want string }{
		{"used", "in use by another"}, {"text", "is broken"}, {"zeros", "is broken"}, {"empty folder", "--index"},
	} {
		if _, err := survey.OpenIndex(path(c.file), "bucket a"); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: %v, want %q", c.file, err, c.want)
		}
	}
	if err := index.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := survey.OpenIndex(path("used"), "bucket b"); err == nil || !strings.Contains(err.Error(), "is of bucket a, not of bucket b") {
		t.Errorf("another bucket's: %v", err)
	}
	if index, err = survey.OpenIndex(path("used"), "bucket a"); err != nil {
		t.Error(err)
	} else if err := errors.Join(index.Close()); err != nil {
		t.Error(err)
	}
}
