package invalidate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/invalidate"
)

func TestCoalesce(t *testing.T) {
	wild := func(key string) invalidate.Path { return invalidate.Path{Key: key, Wildcard: true} }
	exact := func(key string) invalidate.Path { return invalidate.Path{Key: key} }
	var many, spread []invalidate.Path
	for n := range 20 {
		many = append(many, wild(fmt.Sprintf("r/%c%d/", 'a'+n/10, n)))
	}
	for n := range 40 {
		spread = append(spread, exact(fmt.Sprintf("r/x/%02d/a.jpg", n)))
	}
	for _, tc := range []struct {
		name  string
		limit int
		in    []invalidate.Path
		want  []invalidate.Path
	}{
		{"few", 3, invalidate.Exact("r/b", "r/a", "r/b", "r/c"), invalidate.Exact("r/a", "r/b", "r/c")},
		{"covered", 3, []invalidate.Path{exact("r/a/1"), wild("r/a/"), wild("r/a/"), exact("r/a"), wild("r/a/b")}, []invalidate.Path{exact("r/a"), wild("r/a/")}},
		{"one wildcard per folder", 3, invalidate.Exact("r/a/1", "r/a/2", "r/b/1", "r/b/2", "r/c/1"), []invalidate.Path{wild("r/a/"), wild("r/b/"), exact("r/c/1")}},
		{"one per beginning", 2, invalidate.Exact("r/s/u1/1", "r/s/u2/1", "r/t/u1/1", "r/t/u2/1"), []invalidate.Path{wild("r/s/u"), wild("r/t/u")}},
		{"a folder within a folder", 2, invalidate.Exact("r/a/1", "r/a/2", "r/a/b/1", "r/a/b/2", "r/b/1"), []invalidate.Path{wild("r/a/"), exact("r/b/1")}},
		{"all of them", 1, invalidate.Exact("r/a/1", "r/b/1"), []invalidate.Path{wild("r/")}},
		{"in the midst of a character", 1, invalidate.Exact("r/\u00e9/1", "r/\u00ea/1"), []invalidate.Path{wild("r/")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, invalidate.Coalesce(tc.in, tc.limit)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := invalidate.Coalesce(many, 30); len(got) > 15 {
		t.Errorf("%d wildcards", len(got))
	}
	if got := invalidate.Coalesce(spread, 30); len(got) > 15 || got[0] == wild("r/") {
		t.Errorf("%+v", got)
	}
}

// TestCoalesceReachesEverything, within CloudFront's limits, and nothing outside the prefix that the paths have in common.
func TestCoalesceReachesEverything(t *testing.T) {
	key := rapid.Custom(func(t *rapid.T) string {
		return "resized/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "/", "é", "ê", "+", "*", "1"}), 0, 8).Draw(t, "parts"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		paths := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) invalidate.Path {
			return invalidate.Path{Key: key.Draw(t, "key"), Wildcard: rapid.IntRange(0, 4).Draw(t, "wild") == 0}
		}), 1, 120).Draw(t, "paths")
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		before := slices.Clone(paths)
		got := invalidate.Coalesce(paths, limit)
		if !slices.Equal(before, paths) {
			t.Fatal("the caller's paths were changed")
		}
		all, wild := 0, 0
		for _, p := range got {
			forms := p.Forms()
			all += len(forms)
			if strings.HasSuffix(forms[0], "*") {
				wild += len(forms)
			}
			if !strings.HasPrefix(p.Key, "resized/") || !utf8.ValidString(p.Key) {
				t.Fatalf("%+v", p)
			}
		}
		if len(got) > 1 && (all > limit || wild > 15) {
			t.Fatalf("%d paths, %d wildcards, for %d", all, wild, limit)
		}
		for _, p := range paths {
			if !slices.ContainsFunc(got, func(g invalidate.Path) bool { return g.Covers(p) }) {
				t.Fatalf("%+v is not reached by %+v", p, got)
			}
		}
		if again := invalidate.Coalesce(got, limit); !slices.Equal(again, got) {
			t.Fatalf("%+v became %+v", got, again)
		}
	})
}
