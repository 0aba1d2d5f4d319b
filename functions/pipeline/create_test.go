package pipeline_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

func TestCreateWritesEveryVariant(t *testing.T) {
	f := newFixture(t, "")
	etag := f.put("originals/cat.jpg", photo(t, 2000, 1000, red))
	got := f.create("originals/cat.jpg")

	if got.Outcome != report.Done || got.Rounds != 1 || got.ETag != etag || got.Type != "jpeg" || got.Width != 2000 {
		t.Errorf("report: %+v", got)
	}
	if diff := cmp.Diff(defaultVariants, f.keys("resized/")); diff != "" {
		t.Fatalf("variants (-want +got):\n%s", diff)
	}
	thumbnail := f.head("resized/thumbnail/cat.webp")
	want := map[string]string{
		"presize-original": "originals/cat.jpg", "presize-original-etag": etag, "presize-preset": "thumbnail",
		"presize-fingerprint": f.Config.Presets[3].Fingerprint(imaging.Renderer),
		"presize-width":       "150", "presize-height": "150",
	}
	if diff := cmp.Diff(want, thumbnail.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if thumbnail.ContentType != "image/webp" || thumbnail.CacheControl != "public, max-age=31536000" {
		t.Errorf("Content-Type %q, Cache-Control %q", thumbnail.ContentType, thumbnail.CacheControl)
	}
	if large := f.head("resized/large/cat.jpg"); large.Metadata["presize-width"] != "1440" || large.Metadata["presize-height"] != "720" {
		t.Errorf("large: %v", large.Metadata)
	}
	for _, v := range got.Variants {
		if !v.Written || v.Reason != "" || v.Bytes == 0 || v.Bytes != f.head(v.Key).Size {
			t.Errorf("variant: %+v", v)
		}
	}
	if got.Stages.Fetch == 0 || got.Stages.Master == 0 || got.Stages.Render == 0 || got.Total == 0 {
		t.Errorf("times: %+v of %v", got.Stages, got.Total)
	}
}

// An event that is delivered again finds its work done and writes nothing.
func TestCreateAgain(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.create("originals/cat.jpg")
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Put" || call.Method == "Delete" {
			t.Errorf("%s of %q", call.Method, call.Keys)
		}
		return nil
	})
	got := f.create("originals/cat.jpg")
	if got.Outcome != report.Done || len(got.Variants) != 4 {
		t.Fatalf("report: %+v", got)
	}
	for _, v := range got.Variants {
		if v.Written {
			t.Errorf("%s was written again", v.Key)
		}
	}
}

func TestCreateSkipsBeforeReading(t *testing.T) {
	tests := map[string]struct {
		change event.Change
		reason string
	}{
		"a variant":            {event.Change{Kind: event.Created, Key: "resized/small/cat.jpg"}, "inside-resized"},
		"another prefix":       {event.Change{Kind: event.Created, Key: "invoices/cat.jpg"}, "outside-originals"},
		"nearly the prefix":    {event.Change{Kind: event.Created, Key: "originals.bak/cat.jpg"}, "outside-originals"},
		"a folder":             {event.Change{Kind: event.Created, Key: "originals/2024/"}, "folder"},
		"the prefix itself":    {event.Change{Kind: event.Created, Key: "originals/"}, "folder"},
		"no preset matches it": {event.Change{Kind: event.Created, Key: "originals/raw/cat.jpg"}, "no-preset-matches"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "originals: originals/\nresized: resized/\nkey: \"{preset}/{dir}{name}.{ext}\"\npresets:\n  small: {width: 10, match: \"*.jpg\"}\n")
			f.bucket.Hook(func(_ context.Context, call store.Call) error {
				if call.Method == "Open" && strings.HasPrefix(call.Keys[0], "resized/manifest/") {
					return nil // whether an earlier presets.yaml gave it variants
				}
				t.Errorf("%s of %q", call.Method, call.Keys)
				return nil
			})
			test.change.Bucket = "photos"
			if _, err := f.Sync(context.Background(), test.change); err != nil {
				t.Fatal(err)
			}
			if got := f.reports[0]; got.Outcome != report.Skipped || got.Reason != test.reason {
				t.Errorf("%s, %s; want skipped, %s", got.Outcome, got.Reason, test.reason)
			}
		})
	}
}

// A variant that somebody copies below the originals prefix is known by its metadata.
func TestCreateSkipsCopiedVariant(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.create("originals/cat.jpg")
	_, body, err := f.bucket.Open(context.Background(), "resized/small/cat.jpg")
	if err != nil {
		t.Fatal(err)
	}
	copied, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	object := store.Object{Body: copied, Metadata: f.head("resized/small/cat.jpg").Metadata}
	if _, err := f.bucket.Put(context.Background(), "originals/copy.jpg", object); err != nil {
		t.Fatal(err)
	}
	if got := f.create("originals/copy.jpg"); got.Outcome != report.Skipped || got.Reason != "is-a-variant" {
		t.Errorf("%s, %s; want skipped, is-a-variant", got.Outcome, got.Reason)
	}
}

func TestCreateGone(t *testing.T) {
	f := newFixture(t, "")
	if got := f.create("originals/cat.jpg"); got.Outcome != report.Gone {
		t.Errorf("%s; want gone", got.Outcome)
	}
}
