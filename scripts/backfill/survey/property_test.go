package survey_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/backfill/survey"
)

// The key templates, some of which sort as the originals do and some not at all.
var templates = []string{
	"{preset}/{dir}{name}.{ext}", "{preset}/{dir}{file}.{ext}", "v1/{preset}/{dir}{name}.{ext}", "p-{preset}/{dir}{name}.{ext}",
	"{dir}{preset}/{name}.{ext}", "{dir}{name}-{preset}.{ext}", "{dir}{preset}-{name}.{ext}", "{dir}{name}/{preset}.{ext}",
	"x/{name}/{dir}y/{preset}.{ext}", "{preset}/{dir}a{name}b.{ext}", "x/{dir}{file}.{preset}.{ext}",
}

var formats = []preset.Format{preset.JPEG, preset.PNG, preset.WebP, preset.AVIF, preset.GIF}

// relative draws keys that share stems and folders, and hold what sorts around "." and "/".
func relative(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"a", "a", "b", "photo", "photo", "-", "-1", "_", " ", "+", "!", "é", "日本", "e\u0301", "/", "/", "/", "users/", "v1.2/", "a-b/", ".", "..", ".x", "0", "Z", "~", "\U0001F431",
	}), 1, 5).Draw(t, label)
	extension := rapid.SampledFrom([]string{"", "", ".jpg", ".jpg", ".JPG", ".jpeg", ".png", ".webp", ".heic", ".tar.gz", ".gif"}).Draw(t, label+"'s extension")
	return strings.Join(parts, "") + extension
}

// planted draws a bucket.
func planted(t *rapid.T) *planting {
	now := config(t, fmt.Sprintf("key: %q\npresets:\n  small: {width: 10}\n  large: {width: 20, quality: 70}\n"+
		"  thumb: {width: 5, height: 5, fit: cover, format: webp}\n  face: {width: 3, format: jpeg, match: %q}\n",
		rapid.SampledFrom(templates).Draw(t, "template"), rapid.SampledFrom([]string{"users/**", "**/*.jpg", "*"}).Draw(t, "match")))
	p := plant(now)
	var originals []string
	for range rapid.IntRange(0, 14).Draw(t, "originals") {
		key := now.Originals + relative(t, "original")
		if _, reason := now.Classify(key); reason == "" && p.info[key].Key == "" {
			originals = append(originals, p.original(key).Key)
		}
	}
	gone := preset.Preset{Name: "gone", Width: 7}
	for range rapid.IntRange(0, 40).Draw(t, "variants") {
		key := now.Originals + relative(t, "orphan")
		if len(originals) > 0 && rapid.IntRange(0, 9).Draw(t, "of an original") > 1 {
			key = rapid.SampledFrom(originals).Draw(t, "of")
		}
		if _, reason := now.Classify(key); reason != "" {
			continue
		}
		by := rapid.SampledFrom(append(slices.Clone(now.Presets), gone)).Draw(t, "by")
		format := by.Format
		if format == preset.Original || format == "" || rapid.IntRange(0, 9).Draw(t, "other format") == 0 {
			format = rapid.SampledFrom(formats).Draw(t, "format")
		}
		variant, err := now.VariantKey(by, key, format)
		if err != nil || p.info[variant].Key != "" {
			continue
		}
		etag, fingerprint := p.info[key].ETag, by.Fingerprint(imaging.Renderer)
		if etag == "" || rapid.IntRange(0, 3).Draw(t, "etag") == 0 {
			etag = "0123"
		}
		if rapid.IntRange(0, 3).Draw(t, "fingerprint") == 0 {
			fingerprint = "4567"
		}
		if rapid.IntRange(0, 9).Draw(t, "foreign") == 0 {
			p.put(variant, "foreign", nil)
		} else {
			p.put(variant, "variant", mark(key, etag, by.Name, fingerprint))
		}
	}
	for range rapid.IntRange(0, 5).Draw(t, "strangers") {
		key := now.Resized + rapid.SampledFrom([]string{"", "manifest/", "failed/", "small/", "gone/", "Logs/", "x/"}).Draw(t, "folder") + relative(t, "stranger")
		if p.info[key].Key != "" {
			continue
		}
		var metadata map[string]string
		if len(originals) > 0 && rapid.Bool().Draw(t, "moved") {
			metadata = mark(rapid.SampledFrom(originals).Draw(t, "moved of"), "0123", "small", "4567")
		}
		p.put(key, "stranger", metadata)
	}
	return p
}

// TestWalkFindsWhatWasPlanted holds for every way of walking.
func TestWalkFindsWhatWasPlanted(t *testing.T) {
	folder := t.TempDir()
	count := 0
	rapid.Check(t, func(t *rapid.T) {
		p := planted(t)
		want := p.expected()
		check := func(how string, s *survey.Survey) (order []string, cost survey.Cost) {
			got, order, cost, err := walked(s)
			if err != nil {
				t.Fatalf("%s: %v", how, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s, %s: (-want +got)\n%s", how, p.config.Key, diff)
			}
			return order, cost
		}
		simple := survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket, Ordered: true}
		s := simple
		order, cost := check("ordered", &s)

		s = simple
		s.Ordered, s.Heads, s.Parallel = false, 3, rapid.IntRange(1, 5).Draw(t, "parallel")
		s.SplitAbove(1)
		check("parallel", &s)

		count++
		index, err := survey.OpenIndex(filepath.Join(folder, fmt.Sprint(count)), "here")
		if err != nil {
			t.Fatal(err)
		}
		defer index.Close()
		index.TrustAtOnce()
		s.Index = index
		_, first := check("first with an index", &s)
		_, second := check("second with an index", &s)
		if second.Saved != first.Heads+first.Saved-second.Heads || cost.Saved != 0 {
			t.Fatalf("the index was asked otherwise: %+v, then %+v", first, second)
		}
		if second.Heads > 0 && second.Heads >= first.Heads {
			t.Fatalf("the index saved nothing: %+v, then %+v", first, second)
		}

		prefix := relative(t, "prefix")
		if len(order) > 0 && rapid.Bool().Draw(t, "prefix of one") {
			key := strings.TrimPrefix(rapid.SampledFrom(order).Draw(t, "with the prefix"), p.config.Originals)
			prefix = strings.ToValidUTF8(key[:rapid.IntRange(0, len(key)).Draw(t, "cut")], "")
		}
		s = simple
		s.Ordered, s.OnlyOriginals, s.Prefix = rapid.Bool().Draw(t, "prefix ordered"), true, prefix
		s.SplitAbove(1)
		got, _, _, err := walked(&s)
		if err != nil {
			t.Fatal(err)
		}
		below := slices.DeleteFunc(slices.Clone(want), func(line string) bool {
			return strings.HasPrefix(line, "extra") || !strings.HasPrefix(line, strings.TrimSuffix(fmt.Sprintf("%q", p.config.Originals+prefix), `"`))
		})
		if diff := cmp.Diff(below, slices.Clip(got), cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
			t.Fatalf("below %q, %s: (-want +got)\n%s", prefix, p.config.Key, diff)
		}

		for i, after := range order {
			s = simple
			s.After, s.OnlyOriginals = after, true
			_, rest, _, err := walked(&s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(order[i+1:], slices.Clip(rest), cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Fatalf("after %q of %q, %s: (-want +got)\n%s", after, order, p.config.Key, diff)
			}
		}
	})
}
