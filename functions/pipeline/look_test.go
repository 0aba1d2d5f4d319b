package pipeline_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

func (f *fixture) change(change event.Change) report.Original {
	f.t.Helper()
	change.Kind, change.Bucket = event.Created, "photos"
	original, err := f.Sync(context.Background(), change)
	if err != nil {
		f.t.Fatalf("Create: %v", err)
	}
	return original
}

func rendered(original report.Original) []string {
	names := []string{}
	for _, v := range original.Variants {
		if v.Written {
			names = append(names, v.Preset)
		}
	}
	return names
}

func TestOnlyTheAskedPresets(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	got := f.change(event.Change{Key: "originals/cat.jpg", Presets: []string{"thumbnail", "small"}})
	if diff := cmp.Diff([]string{"small", "thumbnail"}, rendered(got)); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
	got = f.change(event.Change{Key: "originals/cat.jpg", Presets: []string{"no-such"}})
	if got.Outcome != report.Skipped || got.Reason != "no-preset-matches" {
		t.Errorf("%s %s; want skipped, no-preset-matches", got.Outcome, got.Reason)
	}
}

// A change that asks to look first renders what is missing or stale, and reads no original that needs nothing.
func TestLookFirst(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	look := event.Change{Key: "originals/cat.jpg", Stale: true}
	if diff := cmp.Diff([]string{"small", "medium", "large", "thumbnail"}, rendered(f.change(look))); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}

	opened := 0
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Open" {
			opened++
		}
		return nil
	})
	if got := f.change(look); got.Outcome != report.Skipped || got.Reason != "up-to-date" || opened > 0 {
		t.Errorf("%s %s, read %d times; want skipped, up-to-date, not read", got.Outcome, got.Reason, opened)
	}

	if err := f.bucket.Delete(context.Background(), "resized/medium/cat.jpg"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"medium"}, rendered(f.change(look))); diff != "" {
		t.Errorf("one missing (-want +got):\n%s", diff)
	}

	f.Config.Presets[0].Quality = 30
	if diff := cmp.Diff([]string{"small"}, rendered(f.change(look))); diff != "" {
		t.Errorf("one preset edited (-want +got):\n%s", diff)
	}

	f.put("originals/cat.jpg", photo(t, 400, 500, blue))
	if diff := cmp.Diff([]string{"small", "medium", "large", "thumbnail"}, rendered(f.change(look))); diff != "" {
		t.Errorf("overwritten (-want +got):\n%s", diff)
	}
	f.consistent("originals/cat.jpg")
}

func TestLookFindsTheOriginalGone(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.create("originals/cat.jpg")
	if err := f.bucket.Delete(context.Background(), "originals/cat.jpg"); err != nil {
		t.Fatal(err)
	}
	if got := f.change(event.Change{Key: "originals/cat.jpg", Stale: true}); got.Outcome != report.Gone {
		t.Errorf("%s %s; want gone", got.Outcome, got.Reason)
	}
	f.consistent("originals/cat.jpg")
}

// Examine tells what can be rendered and what not, and leaves the bucket alone.
func TestExamine(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.put("originals/notes.jpg", []byte("shopping list"))
	f.put("resized/small/gone.jpg", photo(t, 10, 10, red))
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method != "Open" && call.Method != "Head" {
			t.Errorf("%s of %q", call.Method, call.Keys)
		}
		return nil
	})
	for key, want := range map[string]struct {
		outcome report.Outcome
		reason  string
	}{
		"originals/cat.jpg":   {report.Done, ""},
		"originals/notes.jpg": {report.Failed, "not-an-image"},
		"originals/gone.jpg":  {report.Gone, "deleted"},
		"elsewhere/cat.jpg":   {report.Skipped, "outside-originals"},
	} {
		got := f.Examine(context.Background(), event.Change{Kind: event.Created, Bucket: "photos", Key: key})
		if got.Outcome != want.outcome || got.Reason != want.reason {
			t.Errorf("%s: %s %s; want %s %s", key, got.Outcome, got.Reason, want.outcome, want.reason)
		}
	}
	if len(f.reports) != 0 {
		t.Errorf("%d originals were reported; Examine renders nothing", len(f.reports))
	}
}

// A failure record goes with the success that a backfill finds, whether it renders anything or not.
func TestLookDropsTheFailureRecord(t *testing.T) {
	for name, change := range map[string]event.Change{
		"everything is there":     {Stale: true},
		"some presets":            {Presets: []string{"small"}},
		"some presets and a look": {Presets: []string{"small"}, Stale: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "")
			change.Key, change.ETag = "originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))
			f.create(change.Key)
			const record = "resized/failed/cat.jpg.json"
			object := store.Object{Metadata: f.head("resized/manifest/cat.jpg.json").Metadata}
			if _, err := f.bucket.Put(context.Background(), record, object); err != nil {
				t.Fatal(err)
			}
			f.change(change)
			if _, err := f.bucket.Head(context.Background(), record); err == nil {
				t.Error("the record is still there")
			}
			f.consistent(change.Key)
		})
	}
}
