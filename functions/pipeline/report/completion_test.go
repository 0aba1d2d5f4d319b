package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/report"
)

func TestCompletion(t *testing.T) {
	r := rendering(t, "")
	m := r.Manifest(account())
	c := r.Completion("photos", "", "resized/manifest/users/4+2/cat, é.jpg.json", m)
	if c.Kind != report.KindCreated || c.Status != report.StatusReady || c.Prefix != "users/4+2" || c.Truncated {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff([]string{"small", "large", "medium", "thumbnail", "modern", "hazy", "again"}, c.Presets); diff != "" {
		t.Error(diff)
	}
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := report.DecodeCompletion(data)
	if diff := cmp.Diff(c, back); err != nil || diff != "" {
		t.Error(err, diff)
	}
	top := account()
	top.Key = "originals/cat.jpg"
	if c := r.Completion("photos", "", "", r.Manifest(top)); c.Prefix != "" {
		t.Errorf("the prefix at the top is %q", c.Prefix)
	}
}

func TestRemoved(t *testing.T) {
	r := rendering(t, "")
	removal := report.Removal{
		Bucket: "photos", Target: "variants", Key: "originals/users/42/cat.jpg", Sequencer: "0A",
		ManifestKey: "resized/manifest/users/42/cat.jpg.json", Presets: []string{"small", "gone"},
	}
	c := r.Removed(removal)
	if c.Kind != report.KindRemoved || c.Status != report.StatusRemoved || c.Prefix != "users/42" || c.Manifest != nil {
		t.Errorf("%+v", c)
	}
	if again := r.Removed(removal); again.ID != c.ID {
		t.Error("a repetition has another ID")
	}
	removal.Sequencer = "0B"
	if r.Removed(removal).ID == c.ID {
		t.Error("two removals have one ID")
	}
	if c.String() != `event "removed" of "originals/users/42/cat.jpg" in photos` {
		t.Error(c)
	}
}

// TestCompletionID: the same event has the same ID, and every other one has another.
func TestCompletionID(t *testing.T) {
	r := rendering(t, "")
	base := r.Completion("photos", "", "", r.Manifest(account()))
	later := r
	later.At = noon.AddDate(1, 0, 0)
	reordered := account()
	reordered.Variants[0], reordered.Variants[4] = reordered.Variants[4], reordered.Variants[0]
	for name, same := range map[string]report.Completion{
		"later":     later.Completion("photos", "", "", later.Manifest(account())),
		"reordered": r.Completion("photos", "", "", r.Manifest(reordered)),
		"elsewhere": r.Completion("photos", "other", "key", r.Manifest(account())),
	} {
		if same.ID != base.ID {
			t.Errorf("%s: another ID", name)
		}
	}
	edit := func(change func(*report.Original)) report.Completion {
		o := account()
		change(&o)
		return r.Completion("photos", "", "", r.Manifest(o))
	}
	ids := map[string]string{base.ID: "base"}
	newer := r
	newer.Renderer = "2"
	for name, other := range map[string]report.Completion{
		"another bucket": r.Completion("other", "", "", r.Manifest(account())),
		"another key":    edit(func(o *report.Original) { o.Key += "x" }),
		"overwritten":    edit(func(o *report.Original) { o.ETag = "other" }),
		"partial":        edit(func(o *report.Original) { o.Variants[1].Reason = "key-taken" }),
		"failed":         edit(func(o *report.Original) { o.Variants, o.Outcome = nil, report.Failed }),
		"renderer":       newer.Completion("photos", "", "", newer.Manifest(account())),
		"removed":        r.Removed(report.Removal{Bucket: "photos", Key: account().Key, ETag: account().ETag}),
	} {
		if there, taken := ids[other.ID]; taken {
			t.Errorf("%s has the ID of %s", name, there)
		}
		ids[other.ID] = name
	}
}

// TestCompletionFits: lists go one after the other, and what names the original and its manifest stays.
func TestCompletionFits(t *testing.T) {
	r := rendering(t, "https://d123.cloudfront.net")
	o := account()
	o.Outcome, o.Reason = report.Failed, "corrupt"
	o.Variants[1].Reason, o.Variants[1].Err = "corrupt", errors.New(strings.Repeat("x", 900))
	whole := r.Completion("photos", "", "resized/manifest/users/4+2/cat, é.jpg.json", r.Manifest(o))
	data, err := whole.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for limit := len(data); limit > 0; limit-- {
		c, fitted, err := whole.Fit(limit)
		if err != nil {
			if !strings.Contains(err.Error(), fmt.Sprint(limit)) {
				t.Error(err)
			}
			break
		}
		if len(fitted) > limit || c.ID != whole.ID || c.ManifestKey != whole.ManifestKey || c.Original != whole.Original || c.Status != whole.Status {
			t.Fatalf("%d bytes for %d: %s", len(fitted), limit, fitted)
		}
		has := fmt.Sprintf("truncated=%v srcset=%v messages=%v failures=%v variants=%v placeholder=%v presets=%v", c.Truncated, c.Manifest.Srcset != nil,
			len(c.Manifest.Failures) > 0 && c.Manifest.Failures[0].Message != "", c.Manifest.Failures != nil, c.Manifest.Variants != nil,
			c.Manifest.Placeholder != nil, c.Presets != nil)
		if len(seen) == 0 || seen[len(seen)-1] != has {
			seen = append(seen, has)
		}
	}
	want := []string{
		"truncated=false srcset=true messages=true failures=true variants=true placeholder=true presets=true",
		"truncated=true srcset=false messages=true failures=true variants=true placeholder=true presets=true",
		"truncated=true srcset=false messages=false failures=true variants=true placeholder=true presets=true",
		"truncated=true srcset=false messages=false failures=false variants=true placeholder=true presets=true",
		"truncated=true srcset=false messages=false failures=false variants=false placeholder=true presets=true",
		"truncated=true srcset=false messages=false failures=false variants=false placeholder=false presets=true",
		"truncated=true srcset=false messages=false failures=false variants=false placeholder=false presets=false",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if whole.Manifest.Srcset == nil || whole.Manifest.Failures[0].Message == "" {
		t.Error("the event itself was changed")
	}
}

// TestCompletionIsXML: SNS and SQS refuse characters that XML does not have.
func TestCompletionIsXML(t *testing.T) {
	r := rendering(t, "")
	c := r.Removed(report.Removal{Bucket: "photos", Key: "originals/a\x01\uFFFE\uFFFF.jpg"})
	data, err := c.Encode()
	if err != nil || bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' || r == 0xFFFE || r == 0xFFFF }) {
		t.Fatalf("%q, %v", data, err)
	}
	if back, err := report.DecodeCompletion(data); err != nil || back.Original.Key != c.Original.Key {
		t.Errorf("%q, %v", back.Original.Key, err)
	}
}
