package storetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ordered is in the order of bytes, which is neither that of a walk through folders (a- and a. come before a/) nor that
// of UTF-16 (the wide tilde comes before the emoji).
var ordered = []string{
	"B.jpg", "Z/1.jpg", "a-b/1.jpg", "a.jpg", "a/1.jpg", "a/b-c.jpg", "a/b/1.jpg", "a/b/2.jpg", "a/b0.jpg", "a0.jpg", "aa/1.jpg",
	"b a.jpg", "b%a.jpg", "b+a.jpg", "c/d/e/f.jpg", "\u00e9.jpg", "\u65e5.jpg", "\uff5e.jpg", "\U0001f600.jpg",
}

func below(b bucket, names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = b.below + name
	}
	return all
}

func listOrder(b bucket) {
	all := below(b, ordered)
	shuffled := slices.Clone(all)
	slices.Reverse(shuffled)
	b.fill(shuffled)
	if diff := cmp.Diff(all, b.list(b.below, "")); diff != "" {
		b.Errorf("list (-bytes' order +listed):\n%s", diff)
	}
}

func listPart(b bucket) {
	b.fill(below(b, ordered))
	for name, c := range map[string]struct {
		prefix, after string
		want          []string
	}{
		"folder":                   {"a/", "", ordered[4:9]},
		"part of a name":           {"a", "", ordered[2:11]},
		"a whole name":             {"a.jpg", "", ordered[3:4]},
		"with space":               {"b ", "", ordered[11:12]},
		"unicode":                  {"é", "", ordered[15:16]},
		"nothing there":            {"nothing/", "", nil},
		"longer than a name":       {"a.jpg/", "", nil},
		"after a key":              {"", "a/b/1.jpg", ordered[7:]},
		"after what is not there":  {"", "a/b/1.jpg!", ordered[7:]},
		"after a folder":           {"", "a/", ordered[4:]},
		"after the last":           {"", ordered[len(ordered)-1], nil},
		"folder after a key":       {"a/", "a/b/1.jpg", ordered[7:9]},
		"folder after one before":  {"a/", "Z/1.jpg", ordered[4:9]},
		"folder after one beyond":  {"a/", "b", nil},
		"folder after a percent":   {"b", "b%a.jpg", ordered[13:14]},
		"after an emoji's forerun": {"", "\uff5e.jpg", ordered[18:]},
	} {
		after := c.after
		if after != "" {
			after = b.below + after
		}
		if diff := cmp.Diff(below(b, c.want), b.list(b.below+c.prefix, after), cmpopts.EquateEmpty()); diff != "" {
			b.Errorf("%s: prefix %q after %q (-want +listed):\n%s", name, c.prefix, c.after, diff)
		}
	}
}

// listPages has more than two pages of 1,000, by the keys' order another one than that of writing.
func listPages(b bucket) {
	all := numbered(b.below, 2003)
	b.fill(all)
	if diff := cmp.Diff(all, b.list(b.below, "")); diff != "" {
		b.Errorf("list (-put +listed):\n%s", diff)
	}
	if diff := cmp.Diff(all[501:], b.list(b.below, all[500])); diff != "" {
		b.Errorf("list after a key (-put +listed):\n%s", diff)
	}
}

func listEndsEarly(b bucket) {
	all := below(b, []string{"1.jpg", "2.jpg", "3.jpg"})
	b.fill(all)
	for round := range 2 { // a sequence can be walked again
		var got []string
		for info, err := range b.List(b.Context(), b.below, "") {
			if err != nil {
				b.Fatal(err)
			}
			if got = append(got, info.Key); len(got) == 2 {
				break
			}
		}
		if diff := cmp.Diff(all[:2], got); diff != "" {
			b.Errorf("round %d (-want +listed):\n%s", round, diff)
		}
	}
}
