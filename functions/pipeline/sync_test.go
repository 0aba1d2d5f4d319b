package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// watch notes every call to the bucket, what the CDN was asked to forget, and what was announced.
type watch struct {
	mu        sync.Mutex
	calls     []string
	forgotten [][]pipeline.Outdated
	announced []report.Completion
}

func (f *fixture) watch() *watch {
	w := &watch{}
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		what := call.Method + " " + strings.Join(call.Keys, " ")
		if call.Method == "Delete" {
			what = fmt.Sprintf("Delete of %d", len(call.Keys))
		}
		w.calls = append(w.calls, what)
		return nil
	})
	f.Refresh = func(_ context.Context, outdated []pipeline.Outdated) error {
		w.forgotten = append(w.forgotten, outdated)
		return nil
	}
	f.Announce = func(_ context.Context, c report.Completion) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.announced = append(w.announced, c)
		return nil
	}
	return w
}

func (f *fixture) sync(changes ...event.Change) []pipeline.Result {
	f.t.Helper()
	for i := range changes {
		changes[i].Bucket = "photos"
	}
	results := f.SyncAll(context.Background(), changes...)
	for _, r := range results {
		if r.Err != nil {
			f.t.Errorf("%s: %v", r.Original.Key, r.Err)
		}
	}
	return results
}

func created(key, etag string) event.Change {
	return event.Change{Kind: event.Created, Key: key, ETag: etag}
}

func removal(key string) event.Change { return event.Change{Kind: event.Removed, Key: key} }

func (f *fixture) manifest(original string) report.Manifest {
	f.t.Helper()
	key, err := f.Config.ManifestKey(original)
	if err != nil {
		f.t.Fatal(err)
	}
	m, err := report.DecodeManifest(f.read(key))
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

func (f *fixture) read(key string) []byte {
	f.t.Helper()
	_, body, err := f.bucket.Open(context.Background(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		f.t.Fatal(err)
	}
	return data
}

// What a first upload costs: one read, one write for each variant and the manifest, one last look; nothing at the CDN.
func TestFirstUpload(t *testing.T) {
	f := newFixture(t, "")
	etag := f.put("originals/cat.jpg", photo(t, 500, 400, red))
	w := f.watch()
	f.sync(created("originals/cat.jpg", etag))
	slices.Sort(w.calls)
	want := []string{
		"Head originals/cat.jpg", "Open originals/cat.jpg", "PutIfAbsent resized/large/cat.jpg", "PutIfAbsent resized/manifest/cat.jpg.json",
		"PutIfAbsent resized/medium/cat.jpg", "PutIfAbsent resized/small/cat.jpg", "PutIfAbsent resized/thumbnail/cat.webp",
	}
	if diff := cmp.Diff(want, w.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if len(w.forgotten) != 0 {
		t.Errorf("the CDN was asked to forget %v", w.forgotten)
	}
	m := f.manifest("originals/cat.jpg")
	if m.Status != report.StatusReady || len(m.Variants) != 4 || len(m.Srcset) == 0 || m.Placeholder == nil ||
		m.Original.ETag != etag || m.Original.Width != 500 {
		t.Errorf("manifest: %+v", m)
	}
	if len(w.announced) != 1 || w.announced[0].Status != report.StatusReady || w.announced[0].Manifest == nil {
		t.Errorf("announced: %+v", w.announced)
	}
}

func TestWithoutManifest(t *testing.T) {
	f := newFixture(t, "manifest: false\npresets: {small: {width: 10}}\n")
	etag := f.put("originals/cat.jpg", photo(t, 50, 40, red))
	f.sync(created("originals/cat.jpg", etag))
	if diff := cmp.Diff([]string{"resized/small/cat.jpg"}, f.all()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	f.put("originals/cat.jpg", pngOf(t, 50, 40, red))
	f.sync(created("originals/cat.jpg", etag))
	if diff := cmp.Diff([]string{"resized/small/cat.png"}, f.all()); diff != "" {
		t.Errorf("after other bytes (-want +got):\n%s", diff)
	}
	_ = f.bucket.Delete(context.Background(), "originals/cat.jpg")
	f.sync(removal("originals/cat.jpg"))
	if diff := cmp.Diff([]string(nil), f.all()); diff != "" {
		t.Errorf("after the removal (-want +got):\n%s", diff)
	}
}

// all are the keys below the resized prefix, records among them.
func (f *fixture) all() []string {
	var keys []string
	for info := range f.bucket.List(context.Background(), "resized/", "") {
		keys = append(keys, info.Key)
	}
	return keys
}

// An overwrite by bytes of another format has other keys: the old ones go, and the CDN forgets them.
func TestOverwrittenByAnotherFormat(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	w := f.watch()
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", pngOf(t, 400, 500, blue))))
	want := []string{
		"resized/large/cat.png", "resized/manifest/cat.jpg.json", "resized/medium/cat.png", "resized/small/cat.png", "resized/thumbnail/cat.webp",
	}
	if diff := cmp.Diff(want, f.all()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if len(w.forgotten) != 1 || !slices.Contains(w.forgotten[0][0].Keys, "resized/small/cat.jpg") ||
		!slices.Contains(w.forgotten[0][0].Keys, "resized/thumbnail/cat.webp") || w.forgotten[0][0].Gone {
		t.Errorf("forgotten: %+v", w.forgotten)
	}
}

// A good original that is overwritten by a broken one is shown no longer; the record says why, until it is mended.
func TestOverwrittenByABrokenOne(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	w := f.watch()
	etag := f.put("originals/cat.jpg", []byte("shopping list"))
	f.sync(created("originals/cat.jpg", etag))
	if diff := cmp.Diff([]string{"resized/failed/cat.jpg.json", "resized/manifest/cat.jpg.json"}, f.all()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	record, err := report.DecodeFailure(f.read("resized/failed/cat.jpg.json"))
	if err != nil || record.Reason != "not-an-image" || record.Original.ETag != etag || record.Message == "" || record.Time.IsZero() {
		t.Errorf("record: %+v, %v", record, err)
	}
	if m := f.manifest("originals/cat.jpg"); m.Status != report.StatusFailed || len(m.Failures) != 1 {
		t.Errorf("manifest: %+v", m)
	}
	if len(w.announced) != 1 || w.announced[0].Status != report.StatusFailed || len(w.forgotten) != 1 || len(w.forgotten[0][0].Keys) != 4 {
		t.Errorf("announced %+v, forgotten %+v", w.announced, w.forgotten)
	}
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, blue))))
	if slices.Contains(f.all(), "resized/failed/cat.jpg.json") {
		t.Error("the failure record outlived the success")
	}
}

// What cannot be rendered any more, for its limits, keeps the variants of its present state, which are right, and its manifest,
// with the failure in it.
func TestFailureKeepsWhatIsRight(t *testing.T) {
	f := newFixture(t, "")
	etag := f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.sync(created("originals/cat.jpg", etag))
	w := f.watch()
	f.Config.Limits.MaxPixels = 10
	f.sync(created("originals/cat.jpg", etag))
	if diff := cmp.Diff(defaultVariants, f.keys("resized/")); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	m := f.manifest("originals/cat.jpg")
	if m.Status != report.StatusPartial || len(m.Variants) != 4 || m.Placeholder == nil || len(m.Failures) != 1 || len(w.forgotten) != 0 {
		t.Errorf("manifest: %+v; forgotten: %v", m, w.forgotten)
	}
}

// A thousand removals at once: one batch of deletions for variants, one for records, one word to the CDN.
func TestManyRemovals(t *testing.T) {
	f := newFixture(t, "presets: {small: {width: 4}}\n")
	picture := photo(t, 8, 8, red)
	var changes []event.Change
	for i := range 200 {
		key := fmt.Sprintf("originals/%d/cat %d.jpg", i%7, i)
		f.sync(created(key, f.put(key, picture)))
		changes = append(changes, removal(key))
	}
	for _, c := range changes {
		_ = f.bucket.Delete(context.Background(), c.Key)
	}
	w := f.watch()
	results := f.sync(changes...)
	if len(f.all()) != 0 {
		t.Errorf("left behind: %d objects", len(f.all()))
	}
	deletions := slices.DeleteFunc(w.calls, func(c string) bool { return !strings.HasPrefix(c, "Delete") })
	if diff := cmp.Diff([]string{"Delete of 200", "Delete of 200"}, deletions); diff != "" {
		t.Errorf("deletions (-want +got):\n%s", diff)
	}
	if len(w.forgotten) != 1 || len(w.forgotten[0]) != 200 || !w.forgotten[0][0].Gone || len(w.announced) != 200 {
		t.Errorf("forgotten in %d batches, %d announced", len(w.forgotten), len(w.announced))
	}
	if results[0].Original.Outcome != report.Removed || results[0].Original.Deleted != 1 {
		t.Errorf("outcome: %+v", results[0].Original)
	}
}

// Variants of a preset that is no longer in presets.yaml go with their original, with a manifest and without.
func TestRemovalOfFormerPresets(t *testing.T) {
	for _, manifest := range []bool{true, false} {
		t.Run(fmt.Sprint(manifest), func(t *testing.T) {
			presets := fmt.Sprintf("manifest: %t\npresets: {old: {width: 4}, small: {width: 3}}\n", manifest)
			f := newFixture(t, presets)
			f.sync(created("originals/a/cat.jpg", f.put("originals/a/cat.jpg", photo(t, 8, 8, red))))
			f.put("resized/foreign.txt", []byte("not ours"))
			f.put("resized/zoo/cat.jpg", []byte("not ours"))
			f.Config.Presets = f.Config.Presets[1:]
			_ = f.bucket.Delete(context.Background(), "originals/a/cat.jpg")
			f.sync(removal("originals/a/cat.jpg"))
			if diff := cmp.Diff([]string{"resized/foreign.txt", "resized/zoo/cat.jpg"}, f.all()); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
		})
	}
}

// A removal that comes late, after a new upload, deletes nothing; one that was interrupted after it had deleted renders
// what it took away.
func TestLateRemoval(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	before := f.bodies()
	if got := f.sync(removal("originals/cat.jpg"))[0].Original; got.Outcome != report.Skipped || got.Reason != "up-to-date" {
		t.Errorf("%s %s; want skipped, up-to-date", got.Outcome, got.Reason)
	}
	if diff := cmp.Diff(before, f.bodies()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	_ = f.bucket.Delete(context.Background(), "resized/small/cat.jpg", "resized/thumbnail/cat.webp")
	f.sync(removal("originals/cat.jpg"))
	if diff := cmp.Diff(before, f.bodies()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// The back of a deletion: what was uploaded again while its variants were deleted is rendered again.
func TestBackDuringRemoval(t *testing.T) {
	f := newFixture(t, "")
	picture := photo(t, 500, 400, red)
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", picture)))
	before := f.bodies()
	_ = f.bucket.Delete(context.Background(), "originals/cat.jpg")
	var once sync.Once
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Delete" {
			once.Do(func() {
				f.put("originals/cat.jpg", picture)
				f.sync(created("originals/cat.jpg", ""))
			})
		}
		return nil
	})
	f.sync(removal("originals/cat.jpg"))
	if diff := cmp.Diff(before, f.bodies()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// Whoever refuses, the CDN or who is told, the change is given back; handled again, it is whole.
func TestGivenBack(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	w := f.watch()
	change := created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 400, 500, blue)))
	change.Bucket = "photos"
	refuse := errors.New("TooManyInvalidationsInProgress")
	refresh, announce := f.Refresh, f.Announce
	f.Refresh = func(context.Context, []pipeline.Outdated) error { return refuse }
	if got, err := f.Sync(context.Background(), change); !errors.Is(err, refuse) || got.Outcome != report.Retry {
		t.Errorf("%s, %v", got.Outcome, err)
	}
	f.Refresh, f.Announce = refresh, func(context.Context, report.Completion) error { return refuse }
	if got, err := f.Sync(context.Background(), change); !errors.Is(err, refuse) || got.Outcome != report.Retry {
		t.Errorf("%s, %v", got.Outcome, err)
	}
	f.Announce = announce
	f.sync(change)
	if len(w.forgotten) != 1 || len(w.forgotten[0][0].Keys) != 4 || len(w.announced) != 1 {
		t.Errorf("forgotten %v, announced %v", w.forgotten, w.announced)
	}
}

// Presets that a backfill renders alone join the others in the manifest.
func TestManifestOfSomePresets(t *testing.T) {
	f := newFixture(t, "")
	etag := f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.sync(created("originals/cat.jpg", etag))
	f.Config.Presets[0].Quality = 30
	f.sync(event.Change{Kind: event.Created, Key: "originals/cat.jpg", ETag: etag, Presets: []string{"small"}})
	m := f.manifest("originals/cat.jpg")
	if len(m.Variants) != 4 || m.Status != report.StatusReady || m.Placeholder == nil ||
		m.Variants[0].Fingerprint != f.Config.Presets[0].Fingerprint("1") {
		t.Errorf("manifest: %+v", m)
	}
}

// Something that Presize did not write stands where a manifest should: it is left alone, and said.
func TestForeignManifest(t *testing.T) {
	f := newFixture(t, "")
	f.put("resized/manifest/cat.jpg.json", []byte(`{"mine": true}`))
	etag := f.put("originals/cat.jpg", photo(t, 50, 40, red))
	got := f.sync(created("originals/cat.jpg", etag))[0].Original
	if got.Outcome != report.Failed || got.Reason != pipeline.KeyTaken || !bytes.Contains(f.read("resized/manifest/cat.jpg.json"), []byte("mine")) {
		t.Errorf("%s %s %v", got.Outcome, got.Reason, got.Err)
	}
}

// When the original that has a key goes, the other one that wanted it gets it.
func TestTwins(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	if got := f.sync(created("originals/cat.png", f.put("originals/cat.png", pngOf(t, 50, 40, blue))))[0].Original; got.Reason != pipeline.KeyTaken {
		t.Fatalf("%s %s; want key-taken", got.Outcome, got.Reason)
	}
	_ = f.bucket.Delete(context.Background(), "originals/cat.jpg")
	f.sync(removal("originals/cat.jpg"))
	want := []string{
		"resized/large/cat.png", "resized/manifest/cat.png.json", "resized/medium/cat.png", "resized/small/cat.png", "resized/thumbnail/cat.webp",
	}
	if diff := cmp.Diff(want, f.all()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if m := f.manifest("originals/cat.png"); m.Status != report.StatusReady {
		t.Errorf("manifest: %s", m.Status)
	}
}

// A variant that another original takes over between the look at it and its deletion is made again.
func TestTwinTakesOverDuringRemoval(t *testing.T) {
	f := newFixture(t, "")
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 500, 400, red))))
	_ = f.bucket.Delete(context.Background(), "originals/cat.jpg")
	var once sync.Once
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Delete" {
			once.Do(func() {
				f.sync(created("originals/cat.png", f.put("originals/cat.png", pngOf(t, 50, 40, blue))))
			})
		}
		return nil
	})
	f.sync(removal("originals/cat.jpg"))
	if !slices.Contains(f.all(), "resized/thumbnail/cat.webp") || len(f.all()) != 5 {
		t.Errorf("objects: %q", f.all())
	}
}

// A variant of a former preset goes with the next overwrite, and with its original after the manifest was written anew.
func TestFormerPresetAfterABackfill(t *testing.T) {
	f := newFixture(t, "presets: {old: {width: 4}, small: {width: 3}}\n")
	etag := f.put("originals/cat.jpg", photo(t, 8, 8, red))
	f.sync(created("originals/cat.jpg", etag))
	f.Config.Presets = f.Config.Presets[1:]
	f.sync(event.Change{Kind: event.Created, Key: "originals/cat.jpg", ETag: etag, Stale: true})
	if !slices.Contains(f.all(), "resized/old/cat.jpg") {
		t.Fatal("a backfill took away a variant that pages may still show")
	}
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 8, 8, blue))))
	if slices.Contains(f.all(), "resized/old/cat.jpg") {
		t.Error("the former preset's variant shows the overwritten original")
	}
}

// A narrower match takes the variants of what it leaves out away.
func TestNoPresetAnyMore(t *testing.T) {
	f := newFixture(t, "presets: {small: {width: 3, match: \"*.jpg\"}}\n")
	etag := f.put("originals/cat.jpg", photo(t, 8, 8, red))
	f.sync(created("originals/cat.jpg", etag))
	f.Config.Presets[0].Match = "*.png"
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 8, 8, blue))))
	if len(f.all()) != 0 {
		t.Errorf("objects: %q", f.all())
	}
}

// A change that comes after the original was overwritten, and finds everything as it should be, asks the CDN once more:
// whoever wrote over the variants may have been stopped before that.
func TestOvertakenChangeRefreshes(t *testing.T) {
	f := newFixture(t, "")
	before := f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.sync(created("originals/cat.jpg", f.put("originals/cat.jpg", photo(t, 400, 500, blue))))
	w := f.watch()
	f.sync(created("originals/cat.jpg", before))
	if len(w.forgotten) != 1 || len(w.forgotten[0]) != 1 {
		t.Fatalf("forgotten: %+v", w.forgotten)
	}
	if diff := cmp.Diff(defaultVariants, w.forgotten[0][0].Keys); diff != "" {
		t.Errorf("forgotten (-want +got):\n%s", diff)
	}
}
