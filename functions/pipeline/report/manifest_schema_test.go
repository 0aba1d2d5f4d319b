package report_test

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/report"
)

func schemaOf(t testing.TB, file string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func valid(schema *jsonschema.Schema, data []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// TestDocumentsAreValid: whatever an account says, its documents fit their schemas, come back as they were, and are the
// same bytes when they are made again.
func TestDocumentsAreValid(t *testing.T) {
	manifests, records, events := schemaOf(t, "manifest.schema.json"), schemaOf(t, "failure.schema.json"), schemaOf(t, "completion.schema.json")
	r := rendering(t, "https://d123.cloudfront.net/images/")
	rapid.Check(t, func(t *rapid.T) {
		o := anAccount(t)
		m := r.Manifest(o)
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(manifests, data); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		back, err := report.DecodeManifest(data)
		if err != nil || !back.Same(m) || !back.Rendered.Equal(m.Rendered) {
			t.Fatalf("%s came back as %+v, %v", data, back, err)
		}
		if again, _ := r.Manifest(o).Encode(); !bytes.Equal(data, again) {
			t.Fatal("other bytes")
		}
		checkSrcset(t, m)

		record, failed := r.FailureOf(m)
		if failed != (len(m.Failures) > 0) {
			t.Fatal("a record without failures, or failures without a record")
		}
		if failed {
			data, err := record.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if err := valid(records, data); err != nil {
				t.Fatalf("%v in %s", err, data)
			}
		}

		limit := rapid.IntRange(2000, 20000).Draw(t, "limit")
		for _, c := range []report.Completion{
			r.Completion("photos", "", "resized/manifest/x.json", m),
			r.Removed(report.Removal{Bucket: "photos", Key: o.Key, Presets: []string{"small"}}),
		} {
			_, data, err := c.Fit(limit)
			if err != nil || len(data) > limit {
				t.Fatalf("%d bytes for %d: %v", len(data), limit, err)
			}
			if err := valid(events, data); err != nil {
				t.Fatalf("%v in %s", err, data)
			}
		}
	})
}

// anAccount is of an original that is through, with any outcome of each of its presets.
func anAccount(t *rapid.T) report.Original {
	text := rapid.StringOf(rapid.RuneFrom([]rune("ab/ +é\"<>&\\\n\u2028\uFFFE漢"))).Draw(t, "text")
	o := report.Original{
		Bucket: "photos", Key: "originals/x" + text, ETag: rapid.StringMatching(`[0-9a-f]{32}(-[0-9]{1,4})?`).Draw(t, "etag"),
		Type:  rapid.SampledFrom([]string{"", "jpeg", "svg", "heic"}).Draw(t, "type"),
		Width: rapid.IntRange(0, 5000).Draw(t, "width"), Height: rapid.IntRange(0, 5000).Draw(t, "height"),
		Frames: rapid.IntRange(0, 2).Draw(t, "frames"), BytesIn: rapid.Int64Range(0, 1000).Draw(t, "bytes"), Outcome: report.Done,
	}
	if strings.HasSuffix(o.Key, "/") {
		o.Key += "y"
	}
	if rapid.Bool().Draw(t, "unreadable") {
		o.Outcome, o.Reason, o.Err = report.Failed, "corrupt", errors.New(text)
		return o
	}
	for _, name := range []string{"small", "large", "medium", "thumbnail", "modern", "hazy", "again"} {
		v := report.Variant{Preset: name}
		if rapid.Bool().Draw(t, "fails") {
			v.Reason, v.Err = "key-taken", errors.New(text)
			o.Outcome, o.Reason = report.Failed, "key-taken"
		} else {
			v.Key, v.Type = "resized/"+name+"/"+text, rapid.SampledFrom([]string{"image/jpeg", "image/webp"}).Draw(t, "mime")
			v.Width, v.Height, v.Bytes = rapid.IntRange(1, 1440).Draw(t, "w"), rapid.IntRange(1, 1440).Draw(t, "h"), 1
		}
		o.Variants = append(o.Variants, v)
	}
	return o
}

// checkSrcset reads the attribute as browsers do.
func checkSrcset(t *rapid.T, m report.Manifest) {
	for _, set := range m.Srcset {
		last := 0
		for candidate := range strings.SplitSeq(set.Value, ", ") {
			url, descriptor, ok := strings.Cut(candidate, " ")
			width, err := strconv.Atoi(strings.TrimSuffix(descriptor, "w"))
			if !ok || err != nil || width <= last || strings.ContainsAny(url, ", \"'<>") {
				t.Fatalf("%q after %d in %q", candidate, last, set.Value)
			}
			last = width
		}
	}
}

func TestSchemasRefuse(t *testing.T) {
	for _, tc := range []struct{ file, text string }{
		{"manifest.schema.json", `{}`},
		{"manifest.schema.json", `{"version":1,"original":{"key":"a","etag":"b"},"status":"done","rendered":"2026-03-01T12:00:00Z","renderer":"1","variants":[],"srcset":[],"failures":[]}`},
		{"manifest.schema.json", `{"version":1,"original":{"key":"a","etag":"b"},"status":"ready","rendered":"yesterday","renderer":"1","variants":[],"srcset":[],"failures":[]}`},
		{"manifest.schema.json", `{"version":1,"original":{"key":"a","etag":"b"},"status":"ready","rendered":"2026-03-01T12:00:00Z","renderer":"1"}`},
		{"failure.schema.json", `{"version":2,"original":{"key":"a"},"reason":"x","message":"","failures":[],"time":"2026-03-01T12:00:00Z","renderer":"1"}`},
		{"completion.schema.json", `{"version":1,"id":"x","kind":"created","status":"ready","time":"2026-03-01T12:00:00Z","bucket":"b","original":{"key":"a"},"prefix":""}`},
	} {
		if err := valid(schemaOf(t, tc.file), []byte(tc.text)); err == nil {
			t.Errorf("%s takes %s", tc.file, tc.text)
		}
	}
}
