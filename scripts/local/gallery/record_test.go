package gallery_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
)

const (
	manifestKey = "resized/manifest/cats/tom.jpg.json"
	failureKey  = "resized/failed/cats/tom.jpg.json"
	smallKey    = "resized/small/cats/tom.jpg"
)

func links(t *testing.T) report.Links {
	t.Helper()
	l, err := report.NewLinks(base)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func cleaned(outcome string) string {
	return `{"message":"original ` + outcome + `","original":"` + key + `","outcome":"` + outcome + `"}`
}

// manifest is one of a state of the original, of which one variant was made and one was not.
func manifest(t *testing.T, etag string) []byte {
	t.Helper()
	m := report.Manifest{
		Version: 1, Status: report.StatusPartial,
		Original:    report.ManifestOriginal{Key: key, ETag: etag, Type: "image/jpeg", Width: 4032, Height: 3024, Frames: 1},
		Placeholder: &report.Placeholder{ThumbHash: []byte{1, 2, 3}, Color: "#336699"},
		Variants: []report.ManifestVariant{{
			Preset: "small", Key: smallKey, URL: base + "/" + smallKey + "?v=1", Width: 368, Height: 276, Bytes: 900, Type: "image/jpeg", Fingerprint: "f",
		}},
		Failures: []report.Failure{{Preset: "thumbnail", Reason: "key-taken", Message: "by another"}},
	}
	body, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func failure(t *testing.T, etag string) []byte {
	t.Helper()
	body, err := report.FailureRecord{
		Version: 1, Original: report.OriginalState{Key: key, ETag: etag}, Reason: "key-taken", Message: "by another", Time: time.Unix(0, 0).UTC(),
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// write puts a record, tells the gallery, and waits until it is shown.
func write(t *testing.T, g *gallery.Gallery, objects *store.Memory, at string, body []byte) gallery.Original {
	t.Helper()
	if _, err := objects.Put(t.Context(), at, store.Object{Body: body}); err != nil {
		t.Fatal(err)
	}
	subscription := g.Subscribe()
	defer subscription.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := subscription.Next(ctx); err != nil { // what is there already
		t.Fatal(err)
	}
	g.Written(t.Context(), event.Change{Kind: event.Created, Key: at})
	if _, err := subscription.Next(ctx); err != nil {
		t.Fatal(err)
	}
	return account(t, g)
}

func TestManifestIsShown(t *testing.T) {
	g, objects := open(t)
	g.Uploaded(uploaded("1"))
	got := write(t, g, objects, manifestKey, manifest(t, etag))
	info, err := objects.Head(t.Context(), manifestKey)
	if err != nil {
		t.Fatal(err)
	}
	want := gallery.Original{
		Key: key, ETag: etag, Bytes: 1000, State: gallery.Queued, Type: "jpeg", Width: 4032, Height: 3024, Frames: 1, Log: []string{},
		Manifest: base + "/" + manifestKey + "?v=" + info.ETag, Placeholder: &report.Placeholder{ThumbHash: []byte{1, 2, 3}, Color: "#336699"},
		Variants: []gallery.Variant{
			{
				Preset: "small", Key: smallKey, URL: base + "/" + smallKey, Source: base + "/" + smallKey + "?v=1", Type: "image/jpeg",
				Width: 368, Height: 276, Bytes: 900,
			},
			{Preset: "thumbnail", Reason: "key-taken", Error: "by another"},
		},
	}
	if diff := cmp.Diff(want, got, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	g.Uploaded("2", event.Change{Kind: event.Created, Key: key, ETag: "e2"})
	if got := account(t, g); !got.PlaceholderOld || got.Placeholder == nil || got.Manifest != "" || len(got.Missing()) != 2 {
		t.Errorf("overwritten: %+v", got)
	}
	if got := write(t, g, objects, manifestKey, manifest(t, etag)); !got.PlaceholderOld || got.Manifest != "" {
		t.Errorf("the manifest of the state before counts: %+v", got)
	}
	if got := write(t, g, objects, manifestKey, manifest(t, "e2")); got.PlaceholderOld || got.Manifest == "" {
		t.Errorf("%+v", got)
	}
	g.Removed(event.Change{Kind: event.Removed, Key: manifestKey})
	if got := account(t, g); got.Manifest != "" {
		t.Errorf("the manifest is gone: %+v", got)
	}
}

func TestFailureRecordIsShown(t *testing.T) {
	g, objects := open(t)
	g.Uploaded(uploaded("1"))
	got := write(t, g, objects, failureKey, failure(t, etag))
	if got.Failure == nil || got.Failure.Reason != "key-taken" || got.FailureKey != failureKey {
		t.Errorf("%+v", got)
	}
	g.Removed(event.Change{Kind: event.Removed, Key: failureKey})
	if got := account(t, g); got.Failure != nil || got.FailureKey != "" {
		t.Errorf("the record is gone: %+v", got)
	}
}

// TestLoadKnowsWhy: after a restart, the records tell what the log does not any more.
func TestLoadKnowsWhy(t *testing.T) {
	g, objects := open(t)
	current := put(t, objects, key, nil)
	for at, body := range map[string][]byte{
		manifestKey: manifest(t, current), failureKey: failure(t, current), "resized/manifest/foreign.jpg.json": []byte("{"),
	} {
		if _, err := objects.Put(t.Context(), at, store.Object{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := account(t, g)
	if got.State != gallery.Failed || got.Why() != "key-taken: by another; thumbnail: key-taken: by another" || got.Placeholder == nil {
		t.Errorf("%s, %q, %+v", got.State, got.Why(), got)
	}
}

func TestCleanup(t *testing.T) {
	payload, err := event.S3Notification(event.Change{Kind: event.Removed, Bucket: "photos", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		act   func(*gallery.Gallery)
		state gallery.State // empty: it is gone
	}{
		"removed":    {func(g *gallery.Gallery) { g.Cleanup().Line(lambda.Invocation{}, cleaned("removed")) }, ""},
		"it is back": {func(g *gallery.Gallery) { g.Cleanup().Line(lambda.Invocation{}, cleaned("done")) }, gallery.Done},
		"retrying":   {func(g *gallery.Gallery) { g.Cleanup().Line(lambda.Invocation{}, cleaned("retry")) }, gallery.Removing},
		"given up": {func(g *gallery.Gallery) {
			g.Cleanup().DeadLettered(lambda.DeadLetter{Payload: payload, Attempts: 3, Err: context.DeadlineExceeded})
		}, gallery.Failed},
		"uploaded again": {func(g *gallery.Gallery) {
			g.Uploaded(uploaded("2"))
			g.Cleanup().Line(lambda.Invocation{}, cleaned("removed"))
		}, gallery.Queued},
		"another line": {func(g *gallery.Gallery) { g.Cleanup().Line(lambda.Invocation{}, "starting") }, gallery.Removing},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := open(t)
			g.Uploaded(uploaded("1"))
			g.Removed(event.Change{Kind: event.Removed, Key: key})
			test.act(g)
			if got, _ := g.Original(key); got.State != test.state {
				t.Errorf("%s; want %s", got.State, test.state)
			}
		})
	}
}

// TestGoneBeforeItWasRendered: the function was invoked for an original that is deleted by now.
func TestGoneBeforeItWasRendered(t *testing.T) {
	g, _ := open(t)
	observer := g.Observer()
	g.Uploaded(uploaded("1"))
	run := lambda.Invocation{ID: "1", Attempt: 1}
	observer.Started(run)
	observer.Line(run, cleaned("gone"))
	observer.Ended(run, lambda.Result{}, nil)
	if got, there := g.Original(key); there {
		t.Errorf("%+v", got)
	}
}

func TestCompletions(t *testing.T) {
	g, _ := open(t)
	g.Uploaded(uploaded("1"))
	one := func(etag string) []byte {
		return []byte(`{"version":1,"kind":"created","status":"ready","original":{"key":"` + key + `","etag":"` + etag + `"}}`)
	}
	if err := g.Completed("Ready", one("another")); err != nil || account(t, g).Announced != nil {
		t.Errorf("%v; the event of another state counts", err)
	}
	if err := g.Completed("Ready", one(etag)); err != nil || account(t, g).Announced == nil {
		t.Errorf("%v, %+v", err, account(t, g))
	}
	if err := g.Completed("Ready", []byte(`{"version":2}`)); err == nil {
		t.Error("what is no completion event was taken")
	}
	subscription := g.Subscribe()
	defer subscription.Close()
	update, err := subscription.Next(t.Context())
	if err != nil || len(update.Completions) != 2 || update.Completions[1].Number != 2 {
		t.Fatalf("%+v, %v", update, err)
	}
	for range 300 {
		if err := g.Completed("Ready", one(etag)); err != nil {
			t.Fatal(err)
		}
	}
	update, err = subscription.Next(t.Context())
	if err != nil || len(update.Completions) != 200 || update.Completions[199].Number != 302 {
		t.Errorf("%d, %v", len(update.Completions), err)
	}
}
