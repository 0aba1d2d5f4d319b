package invalidate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/invalidate"
	"github.com/presize/presize/functions/pipeline/preset"
)

func TestForms(t *testing.T) {
	for _, tc := range []struct {
		path invalidate.Path
		want []string
	}{
		{invalidate.Path{Key: "resized/small/a-b_c.jpg"}, []string{"/resized/small/a-b_c.jpg"}},
		{invalidate.Path{Key: "resized/small/", Wildcard: true}, []string{"/resized/small/*"}},
		{invalidate.Path{Key: "résumé [1]~.jpg"}, []string{"/r%C3%A9sum%C3%A9%20%5B1%5D%7E.jpg"}},
		{invalidate.Path{Key: "a+b.jpg"}, []string{"/a%2Bb.jpg", "/a+b.jpg"}},
		{invalidate.Path{Key: "a+", Wildcard: true}, []string{"/a%2B*", "/a+*"}},
		{invalidate.Path{Key: "a%2B?#.jpg"}, []string{"/a%252B%3F%23.jpg"}},
		{invalidate.Path{Key: "a*b.jpg"}, []string{"/a%2Ab.jpg", "/a*b.jpg"}},
		{invalidate.Path{Key: "ends in*"}, []string{"/ends%20in*"}},
		{invalidate.Path{Key: "ends in*", Wildcard: true}, []string{"/ends%20in%2A*", "/ends%20in**"}},
		{invalidate.Path{Key: "tab\t\x00\x7f"}, []string{"/tab%09%00%7F"}},
	} {
		if diff := cmp.Diff(tc.want, tc.path.Forms()); diff != "" {
			t.Errorf("%+v: %s", tc.path, diff)
		}
	}
}

func config(t *testing.T, template string) *preset.Config {
	t.Helper()
	c, err := preset.Load("p.yaml", []byte("key: \""+template+"\"\npresets: {small: {width: 368, format: jpeg}, thumb: {width: 150, format: webp}}"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPaths(t *testing.T) {
	const original = "originals/a/cat.jpg"
	one := func(key string) []invalidate.Path { return []invalidate.Path{{Key: key, Wildcard: true}} }
	for _, tc := range []struct {
		template string
		want     []invalidate.Path
	}{
		{"{dir}{file}/{preset}.{ext}", one("resized/a/cat.jpg/")},
		{"{dir}{name}-{preset}.{ext}", one("resized/a/cat-")},
		{"{preset}/{dir}{name}.{ext}", invalidate.Exact("resized/small/a/cat.jpg", "resized/thumb/a/cat.webp")},
		{"{dir}{preset}-{name}.{ext}", invalidate.Exact("resized/a/small-cat.jpg", "resized/a/thumb-cat.webp")},
	} {
		if diff := cmp.Diff(tc.want, invalidate.Paths(config(t, tc.template), original)); diff != "" {
			t.Errorf("%s: %s", tc.template, diff)
		}
	}
	got := invalidate.Paths(config(t, "{preset}/{dir}{name}.{ext}"), original, "resized/gone/a/cat.jpg")
	if diff := cmp.Diff(invalidate.Exact("resized/gone/a/cat.jpg"), got); diff != "" {
		t.Error(diff)
	}
	if got := invalidate.Paths(config(t, "{dir}{file}/{preset}.{ext}"), "elsewhere/cat.jpg"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
