package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// What cannot be rendered is recorded, not retried, and leaves nothing behind.
func TestCreatePermanentFailures(t *testing.T) {
	tests := map[string]struct {
		body   []byte
		reason string
	}{
		"text named .jpg": {[]byte("hello"), "not-an-image"},
		"no bytes":        {nil, "empty"},
		"truncated":       {testFile(t, "bad/truncated-scan.jpg"), "corrupt"},
		"too many pixels": {testFile(t, "bad/30000x30000.png"), "too-many-pixels"},
		"text bomb":       {testFile(t, "bad/bomb-ztxt.png"), "too-large"},
		"PDF":             {testFile(t, "bad/page.jpg"), "unsupported-type"},
		"SVG":             {testFile(t, "svg/icon.svg"), "unsupported-type"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "")
			f.put("originals/cat.jpg", test.body)
			got := f.create("originals/cat.jpg")
			if got.Outcome != report.Failed || got.Reason != test.reason || got.Err == nil {
				t.Errorf("%s, %s, %v; want failed, %s", got.Outcome, got.Reason, got.Err, test.reason)
			}
			if keys := f.keys("resized/"); len(keys) != 0 {
				t.Errorf("left behind: %q", keys)
			}
		})
	}
}

// limits.max_bytes holds by the object's header: the body is not read.
func TestCreateTooLarge(t *testing.T) {
	f := newFixture(t, "originals: originals/\nresized: resized/\nkey: \"{preset}/{dir}{name}.{ext}\"\nlimits: {max_bytes: 1000}\npresets: {small: {width: 10}}\n")
	f.put("originals/cat.jpg", make([]byte, 1001))
	got := f.create("originals/cat.jpg")
	if got.Outcome != report.Failed || got.Reason != "too-large" || got.Stages.Probe != 0 {
		t.Errorf("%s, %s, probed for %v; want failed, too-large, unread", got.Outcome, got.Reason, got.Stages.Probe)
	}
}

func TestCreateKeyTaken(t *testing.T) {
	const twin = "originals/cat.png"
	tests := map[string]struct {
		prepare func(*fixture)
		outcome report.Outcome
		message string
	}{
		"by another original": {func(f *fixture) {
			f.put(twin, testFile(f.t, "originals/formats/png-rgb.png"))
			f.create(twin)
		}, report.Failed, twin},
		"by an orphan": {func(f *fixture) {
			f.put(twin, testFile(f.t, "originals/formats/png-rgb.png"))
			f.create(twin)
			_ = f.bucket.Delete(context.Background(), twin)
		}, report.Done, ""},
		"by something foreign": {func(f *fixture) {
			f.put("resized/thumbnail/cat.webp", []byte("another pipeline's"))
		}, report.Failed, "resized/thumbnail/cat.webp"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "")
			test.prepare(f)
			before := f.head("resized/thumbnail/cat.webp").ETag
			f.put("originals/cat.jpg", photo(t, 500, 400, red))
			got := f.create("originals/cat.jpg")
			if got.Outcome != test.outcome {
				t.Fatalf("%s, %v; want %s", got.Outcome, got.Err, test.outcome)
			}
			for _, key := range []string{"resized/small/cat.jpg", "resized/medium/cat.jpg", "resized/large/cat.jpg"} {
				f.head(key) // the other presets are made all the same
			}
			if test.outcome == report.Done {
				return
			}
			if got.Reason != pipeline.KeyTaken || !strings.Contains(got.Err.Error(), test.message) {
				t.Errorf("%s: %v; want %s naming %s", got.Reason, got.Err, pipeline.KeyTaken, test.message)
			}
			if after := f.head("resized/thumbnail/cat.webp").ETag; after != before {
				t.Error("what stood there was written over")
			}
		})
	}
}

// A transient failure of one write is given back for a retry, and the retry has only that left to do.
func TestCreateTransientFailure(t *testing.T) {
	slow := errors.New("503 SlowDown")
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "PutIfAbsent" && call.Keys[0] == "resized/small/cat.jpg" {
			return slow
		}
		return nil
	})
	got, err := f.createErr(context.Background(), "originals/cat.jpg")
	if !errors.Is(err, slow) || got.Outcome != report.Retry || !strings.Contains(err.Error(), "originals/cat.jpg") {
		t.Fatalf("%s, %v; want retry, %v naming the original", got.Outcome, err, slow)
	}
	f.bucket.Hook(nil)
	written := map[string]bool{}
	for _, v := range f.create("originals/cat.jpg").Variants {
		written[v.Key] = v.Written
	}
	want := map[string]bool{
		"resized/small/cat.jpg": true, "resized/medium/cat.jpg": false, "resized/large/cat.jpg": false,
		"resized/thumbnail/cat.webp": false,
	}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("written by the retry (-want +got):\n%s", diff)
	}
}

// Whatever the store meets, the event is given back; what it says of permissions reaches the log by its own reason.
func TestCreateDenied(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 50, 40, red))
	f.bucket.Hook(func(context.Context, store.Call) error { return store.ErrDenied })
	got, err := f.createErr(context.Background(), "originals/cat.jpg")
	if err == nil || got.Outcome != report.Retry || got.Reason != "access-denied" {
		t.Errorf("%s, %s, %v; want retry, access-denied", got.Outcome, got.Reason, err)
	}
}

func TestCreateStopsBeforeTheDeadline(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	ctx, cancel := context.WithDeadlineCause(context.Background(), time.Now().Add(20*time.Millisecond), pipeline.ErrDeadline)
	defer cancel()
	f.once("Open", "originals/cat.jpg", func() { <-ctx.Done() })
	_, err := f.Sync(ctx, event.Change{Kind: event.Created, Bucket: "photos", Key: "originals/cat.jpg"})
	if !errors.Is(err, pipeline.ErrDeadline) {
		t.Fatalf("%v; want %v", err, pipeline.ErrDeadline)
	}
	if got := f.reports[0]; got.Outcome != report.Retry || got.Reason != "deadline" {
		t.Errorf("%s, %s; want retry, deadline", got.Outcome, got.Reason)
	}
	if keys := f.keys("resized/"); len(keys) != 0 {
		t.Errorf("left behind: %q", keys)
	}
}
