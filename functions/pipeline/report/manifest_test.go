package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

const manifestPresets = `
presets:
  small:     {width: 368}
  large:     {width: 1440}
  medium:    {width: 720}
  thumbnail: {width: 150, height: 150, fit: cover, format: webp}
  modern:    {width: 720, format: avif}
  hazy:      {width: 32, blur: 4}
  again:     {width: 368, quality: 20}
  elsewhere: {width: 10, match: "else/**"}
`

var noon = time.Date(2026, 3, 1, 13, 0, 0, 123456789, time.FixedZone("", 3600))

func rendering(t testing.TB, base string) report.Rendering {
	t.Helper()
	config, err := preset.Load("presets.yaml", []byte(manifestPresets))
	if err != nil {
		t.Fatal(err)
	}
	links, err := report.NewLinks(base)
	if err != nil {
		t.Fatal(err)
	}
	return report.Rendering{
		Config: config, Links: links, Renderer: "1", At: noon,
		Placeholder: &report.Placeholder{ThumbHash: []byte{1, 2, 3, 250}, Color: "#aabbcc"},
	}
}

// account is of a photo of 4000x3000 by every preset, not in the file's order.
func account() report.Original {
	variant := func(name, key, mime string, width, height int) report.Variant {
		return report.Variant{Preset: name, Key: "resized/" + name + "/" + key, Type: mime, Width: width, Height: height, Bytes: 1000, Written: true}
	}
	return report.Original{
		Bucket: "photos", Key: "originals/users/4+2/cat, é.jpg", ETag: "9b2cf535f27731c974343645a3985328", Type: "jpeg",
		Width: 4000, Height: 3000, Frames: 1, BytesIn: 3_000_000, Outcome: report.Done,
		Variants: []report.Variant{
			variant("thumbnail", "users/4+2/cat, é.webp", "image/webp", 150, 150),
			variant("small", "users/4+2/cat, é.jpg", "image/jpeg", 368, 276),
			variant("again", "users/4+2/cat, é.jpg", "image/jpeg", 368, 276),
			variant("large", "users/4+2/cat, é.jpg", "image/jpeg", 1440, 1080),
			variant("medium", "users/4+2/cat, é.jpg", "image/jpeg", 720, 540),
			variant("modern", "users/4+2/cat, é.avif", "image/avif", 720, 540),
			variant("hazy", "users/4+2/cat, é.jpg", "image/jpeg", 32, 24),
		},
	}
}

func TestManifestOfAReadyOriginal(t *testing.T) {
	r := rendering(t, "https://d123.cloudfront.net/")
	m := r.Manifest(account())
	if m.Status != report.StatusReady || len(m.Failures) != 0 || m.Original.Type != "image/jpeg" {
		t.Errorf("%+v", m)
	}
	var names []string
	for _, v := range m.Variants {
		names = append(names, v.Preset)
		p := r.Config.Presets[len(names)-1]
		if v.Fingerprint != p.Fingerprint("1") {
			t.Errorf("%s: fingerprint %s", v.Preset, v.Fingerprint)
		}
	}
	if diff := cmp.Diff([]string{"small", "large", "medium", "thumbnail", "modern", "hazy", "again"}, names); diff != "" {
		t.Error(diff)
	}
	url := func(name string) string {
		for _, v := range m.Variants {
			if v.Preset == name {
				return v.URL
			}
		}
		return ""
	}
	if want := "https://d123.cloudfront.net/resized/small/users/4%2B2/cat%2C%20%C3%A9.jpg?v="; !strings.HasPrefix(url("small"), want) {
		t.Errorf("%s does not begin with %s", url("small"), want)
	}
	want := []report.Srcset{
		{Type: "image/avif", Value: url("modern") + " 720w"},
		{Type: "image/jpeg", Value: url("small") + " 368w, " + url("medium") + " 720w, " + url("large") + " 1440w"},
	}
	if diff := cmp.Diff(want, m.Srcset); diff != "" {
		t.Error(diff)
	}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"rendered":"2026-03-01T12:00:00.123Z"`, `"thumbhash":"AQID+g=="`, `"failures":[]`, `"width":4000`, `"version":1`} {
		if !bytes.Contains(data, []byte(part)) {
			t.Errorf("%s is not in %s", part, data)
		}
	}
}

// TestManifestStatus: ready is every preset, failed is none, partial is anything between.
func TestManifestStatus(t *testing.T) {
	corrupt := errors.New("premature end of JPEG image")
	for _, tc := range []struct {
		name     string
		change   func(*report.Original)
		status   report.Status
		variants int
		failures []report.Failure
	}{
		{"one preset failed", func(o *report.Original) {
			o.Outcome, o.Reason, o.Err = report.Failed, "key-taken", errors.New("x")
			o.Variants[1].Reason, o.Variants[1].Err = "key-taken", errors.New("x")
		}, report.StatusPartial, 6, []report.Failure{{Preset: "small", Reason: "key-taken", Message: "x"}}},
		{"one preset was not asked for", func(o *report.Original) { o.Variants = o.Variants[:6] }, report.StatusPartial, 6, []report.Failure{}},
		{"not an image", func(o *report.Original) {
			o.Outcome, o.Reason, o.Err, o.Variants = report.Failed, "corrupt", corrupt, nil
		}, report.StatusFailed, 0, []report.Failure{{Reason: "corrupt", Message: corrupt.Error()}}},
		{"without a reason", func(o *report.Original) { o.Outcome, o.Variants = report.Failed, nil },
			report.StatusFailed, 0, []report.Failure{{Reason: "unknown"}}},
		{"a preset that is not its", func(o *report.Original) {
			o.Variants = append(o.Variants, report.Variant{Preset: "elsewhere", Key: "resized/x"}, report.Variant{})
		}, report.StatusReady, 7, []report.Failure{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := account()
			tc.change(&o)
			m := rendering(t, "").Manifest(o)
			if m.Status != tc.status || len(m.Variants) != tc.variants {
				t.Errorf("%s with %d variants, want %s with %d", m.Status, len(m.Variants), tc.status, tc.variants)
			}
			if diff := cmp.Diff(tc.failures, m.Failures); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSrcsetKeepsTheShape(t *testing.T) {
	for _, tc := range []struct {
		width, height, variantWidth, variantHeight int
		in                                         bool
	}{
		{4000, 3000, 368, 276, true},
		{4000, 3000, 368, 277, true},
		{4000, 3000, 368, 275, true},
		{4000, 3000, 368, 278, false},
		{3000, 4000, 276, 368, true},
		{3000, 4000, 275, 368, true},
		{3000, 4000, 274, 368, false},
		{4000, 3000, 150, 150, false},
		{10000, 3, 368, 1, true},
		{3, 10000, 1, 368, true},
		{1, 1, 1, 1, true},
		{0, 0, 150, 150, false},
	} {
		o := account()
		o.Width, o.Height = tc.width, tc.height
		o.Variants = o.Variants[1:2]
		o.Variants[0].Width, o.Variants[0].Height = tc.variantWidth, tc.variantHeight
		if m := rendering(t, "").Manifest(o); (len(m.Srcset) == 1) != tc.in {
			t.Errorf("%+v: %v", tc, m.Srcset)
		}
	}
}

// TestManifestVersions: an original that is overwritten, and a preset that is edited, have another URL; nothing else has.
func TestManifestVersions(t *testing.T) {
	links, err := report.NewLinks("")
	if err != nil {
		t.Fatal(err)
	}
	first := links.URL("resized/a.jpg", "etag", "fingerprint")
	path, v, ok := strings.Cut(first, "?v=")
	if !ok || path != "/resized/a.jpg" || len(v) != 12 {
		t.Error(first)
	}
	if again := links.URL("resized/a.jpg", "etag", "fingerprint"); again != first {
		t.Error(again)
	}
	if links.URL("resized/a.jpg", "other", "fingerprint") == first || links.URL("resized/a.jpg", "etag", "other") == first {
		t.Error("the same v for another state")
	}
}

func TestLinks(t *testing.T) {
	for base, want := range map[string]string{
		"":                                "/resized/a.jpg?v=",
		"https://d123.cloudfront.net":     "https://d123.cloudfront.net/resized/a.jpg?v=",
		"https://d123.cloudfront.net/":    "https://d123.cloudfront.net/resized/a.jpg?v=",
		"https://example.com/images//":    "https://example.com/images/resized/a.jpg?v=",
		"http://127.0.0.1:8081/a%20b/c d": "http://127.0.0.1:8081/a%20b/c%20d/resized/a.jpg?v=",
	} {
		links, err := report.NewLinks(base)
		if err != nil {
			t.Error(err)
		} else if got := links.URL("resized/a.jpg", "e", "f"); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q", base, got)
		}
	}
	for _, base := range []string{"d123.cloudfront.net", "//example.com", "ftp://example.com", "https://", "https://a/?b=c", "https://a/?", "https://a/#b", "https://a/#", "https://me:x@a/", "https://a b/", ":"} {
		if _, err := report.NewLinks(base); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", base)) {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestManifestSame(t *testing.T) {
	r := rendering(t, "")
	m := r.Manifest(account())
	r.At = noon.Add(time.Hour)
	if later := r.Manifest(account()); !m.Same(later) || m.Rendered.Equal(later.Rendered) {
		t.Error("the time alone made a difference")
	}
	o := account()
	o.Variants[3].Bytes++
	if m.Same(r.Manifest(o)) {
		t.Error("another size made none")
	}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := report.DecodeManifest(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, back); diff != "" || !m.Same(back) {
		t.Error(diff)
	}
}

func TestDecodeIsStrictAboutVersionsOnly(t *testing.T) {
	decoders := map[string]func([]byte) error{
		"manifest":   func(data []byte) error { _, err := report.DecodeManifest(data); return err },
		"failure":    func(data []byte) error { _, err := report.DecodeFailure(data); return err },
		"completion": func(data []byte) error { _, err := report.DecodeCompletion(data); return err },
	}
	for name, decode := range decoders {
		if err := decode([]byte(`{"version": 1, "later": {"more": [1]}}`)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, text := range []string{`{"version": 2}`, `{}`, `{"version": 0}`, `null`} {
			if err := decode([]byte(text)); !errors.Is(err, report.ErrVersion) {
				t.Errorf("%s: %s: %v", name, text, err)
			}
		}
		for _, text := range []string{``, `[]`, `{"version": 1`, `{"version": 1} {}`, `{"version": 1, "original": 7}`, `{"version": "1"}`} {
			if err := decode([]byte(text)); err == nil {
				t.Errorf("%s took %s", name, text)
			}
		}
	}
}

func TestManifestBoundsMessages(t *testing.T) {
	o := account()
	o.Variants, o.Outcome, o.Reason = nil, report.Failed, "corrupt"
	o.Err = errors.New(strings.Repeat("é", 2000) + "\xff")
	text := rendering(t, "").Manifest(o).Failures[0].Message
	if len(text) > 1000 || len(text) < 990 || !strings.HasSuffix(text, "é…") {
		t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-8:])
	}
}

func TestFailureRecord(t *testing.T) {
	r := rendering(t, "")
	if _, ok := r.FailureOf(r.Manifest(account())); ok {
		t.Error("a record of nothing")
	}
	o := account()
	o.Outcome, o.Reason, o.Err = report.Failed, "key-taken", errors.New("by another")
	o.Variants[1].Reason, o.Variants[1].Err = "key-taken", errors.New("by another")
	record, ok := r.FailureOf(r.Manifest(o))
	want := report.FailureRecord{
		Version: 1, Original: report.OriginalState{Key: o.Key, ETag: o.ETag}, Reason: "key-taken", Message: "by another",
		Failures: []report.Failure{{Preset: "small", Reason: "key-taken", Message: "by another"}},
		Time:     time.Date(2026, 3, 1, 12, 0, 0, 123000000, time.UTC), Renderer: "1",
	}
	if diff := cmp.Diff(want, record); diff != "" || !ok {
		t.Error(diff)
	}
	o.Variants = nil
	record, _ = r.FailureOf(r.Manifest(o))
	data, err := record.Encode()
	if err != nil || !bytes.Contains(data, []byte(`"failures":[]`)) {
		t.Errorf("%s, %v", data, err)
	}
	back, err := report.DecodeFailure(data)
	if diff := cmp.Diff(record, back); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// TestEncodingRefusesWhatIsNoTime: RFC 3339 ends with the year 9999.
func TestEncodingRefusesWhatIsNoTime(t *testing.T) {
	r := rendering(t, "")
	r.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	var wrong *json.MarshalerError
	m := r.Manifest(account())
	if _, err := m.Encode(); !errors.As(err, &wrong) || !strings.Contains(err.Error(), m.Original.Key) {
		t.Error(err)
	}
	if _, _, err := r.Completion("b", "", "", m).Fit(1 << 20); !errors.As(err, &wrong) {
		t.Error(err)
	}
	if _, err := (report.FailureRecord{Time: r.At}).Encode(); !errors.As(err, &wrong) {
		t.Error(err)
	}
}
