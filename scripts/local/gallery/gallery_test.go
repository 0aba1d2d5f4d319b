package gallery_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
)

const (
	key  = "originals/cats/tom.jpg"
	etag = "e1"
	base = "http://cdn.example"
)

const presets = `version: 1
originals: originals/
resized: resized/
key: "{preset}/{dir}{name}.{ext}"
presets:
  small: {width: 368}
  thumbnail: {width: 150, height: 150, fit: cover, format: webp}
`

func open(t *testing.T) (*gallery.Gallery, *store.Memory) {
	t.Helper()
	config, err := preset.Load("presets.yaml", []byte(presets))
	if err != nil {
		t.Fatal(err)
	}
	objects := store.NewMemory()
	g, err := gallery.New(config, objects, base)
	if err != nil {
		t.Fatal(err)
	}
	return g, objects
}

func put(t *testing.T, objects *store.Memory, key string, metadata map[string]string) string {
	t.Helper()
	made, err := objects.Put(t.Context(), key, store.Object{Body: []byte(key), ContentType: "image/test", Metadata: metadata})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func metadata(original, etag, preset string) map[string]string {
	return map[string]string{
		"presize-original": original, "presize-original-etag": etag, "presize-preset": preset,
		"presize-width": "368", "presize-height": "276",
	}
}

func account(t *testing.T, g *gallery.Gallery) gallery.Original {
	t.Helper()
	original, ok := g.Original(key)
	if !ok {
		t.Fatal("the original is unknown")
	}
	return original
}

func uploaded(id string) (string, event.Change) {
	return id, event.Change{Kind: event.Created, Bucket: "photos", Key: key, ETag: etag, Size: 1000, Time: time.Unix(0, 0).UTC()}
}

const doneLine = `{"level":"INFO","message":"original done","original":"originals/cats/tom.jpg","type":"jpeg","width":4032,"height":3024,` +
	`"frames":1,"bytes":5000,"outcome":"done","ms":187.5,"variants":[` +
	`{"preset":"small","variant":"resized/small/cats/tom.jpg","type":"image/jpeg","width":368,"height":276,"bytes":900,"ms":12.5,"written":true},` +
	`{"preset":"thumbnail","variant":"resized/thumbnail/cats/tom.webp","type":"image/webp","width":150,"height":150,"bytes":90,"ms":7,"written":false}]}`

func done(log ...string) gallery.Original {
	return gallery.Original{
		Key: key, ETag: etag, Bytes: 5000, State: gallery.Done, Type: "jpeg", Width: 4032, Height: 3024, Frames: 1, MS: 187.5, Attempt: 1, Log: log,
		Variants: []gallery.Variant{
			{
				Preset: "small", Key: "resized/small/cats/tom.jpg", URL: base + "/resized/small/cats/tom.jpg", Type: "image/jpeg",
				Width: 368, Height: 276, Bytes: 900, MS: 12.5,
			},
			{
				Preset: "thumbnail", Key: "resized/thumbnail/cats/tom.webp", URL: base + "/resized/thumbnail/cats/tom.webp", Type: "image/webp",
				Width: 150, Height: 150, Bytes: 90, MS: 7,
			},
		},
	}
}

var ignored = cmpopts.IgnoreFields(gallery.Original{}, "Uploaded")

func TestRunThatSucceeds(t *testing.T) {
	g, _ := open(t)
	observer := g.Observer()
	g.Uploaded(uploaded("1"))
	if got := account(t, g); got.State != gallery.Queued || got.Bytes != 1000 || len(got.Missing()) != 2 {
		t.Errorf("queued: %+v", got)
	}
	run := lambda.Invocation{ID: "1", Attempt: 1}
	observer.Started(run)
	if got := account(t, g); got.State != gallery.Running {
		t.Errorf("started: %s", got.State)
	}
	observer.Line(run, "starting")
	observer.Line(run, `{"_aws":{"Timestamp":1},"Originals":1}`)
	observer.Line(run, doneLine)
	if got := account(t, g); got.State.Settled() {
		t.Errorf("settled before the function answered: %s", got.State)
	}
	observer.Ended(run, lambda.Result{}, nil)
	got := account(t, g)
	if diff := cmp.Diff(done("starting", doneLine), got, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !got.Complete() || got.Why() != "" {
		t.Errorf("complete: %v, %q", got.Complete(), got.Why())
	}
	if originals, variants := g.Counts(); originals != 1 || variants != 2 {
		t.Errorf("%d originals, %d variants", originals, variants)
	}
}

func TestRunsThatFail(t *testing.T) {
	line := func(outcome, rest string) string {
		return fmt.Sprintf(`{"message":"original %s","original":%q,"outcome":%q%s}`, outcome, key, outcome, rest)
	}
	crash := &lambda.Error{Type: lambda.ExitError, Message: "exit status 2"}
	tests := map[string]struct {
		line  string
		err   error
		state gallery.State
		why   string
	}{
		"permanently": {
			line:  line("failed", `,"reason":"corrupt","error":"it ends too early"`),
			state: gallery.Failed, why: "corrupt: it ends too early",
		},
		"in one variant": {
			line: line("failed", `,"reason":"key-taken","error":"of another","variants":[`+
				`{"preset":"small","variant":"resized/small/cats/tom.jpg","written":true},`+
				`{"preset":"thumbnail","variant":"resized/thumbnail/cats/tom.webp","reason":"key-taken","error":"of another"}]`),
			state: gallery.Failed, why: "key-taken: of another; thumbnail: key-taken: of another",
		},
		"skipped": {line: line("skipped", `,"reason":"no-preset-matches"`), state: gallery.Skipped, why: "no-preset-matches"},
		"transiently": {
			line: line("retry", `,"reason":"transient","error":"S3 said no"`), err: errors.New("handler: S3 said no"),
			state: gallery.Failed, why: "given up after 3 attempts: S3 said no",
		},
		"by a crash": {
			line: "panic: help", err: crash, state: gallery.Failed,
			why: "given up after 3 attempts: Runtime.ExitError: exit status 2; its last line: panic: help",
		},
		"without a word": {line: "hello", state: gallery.Done, why: "no variant of small, thumbnail"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g, _ := open(t)
			observer := g.Observer()
			g.Uploaded(uploaded("1"))
			for attempt := 1; attempt <= 3 && (attempt == 1 || tt.err != nil); attempt++ {
				run := lambda.Invocation{ID: "1", Attempt: attempt}
				observer.Started(run)
				observer.Line(run, tt.line)
				observer.Ended(run, lambda.Result{Log: []string{tt.line}}, tt.err)
				if got := account(t, g); tt.err != nil && got.State != gallery.Retrying {
					t.Errorf("after attempt %d: %s", attempt, got.State)
				}
			}
			if tt.err != nil {
				observer.DeadLettered(lambda.DeadLetter{ID: "1", Attempts: 3, Err: tt.err})
			}
			got := account(t, g)
			if got.State != tt.state || got.Why() != tt.why || got.Complete() {
				t.Errorf("%s: %q", got.State, got.Why())
			}
		})
	}
}

// TestOlderRunsAreForgotten ends the first upload's run after the second upload.
func TestOlderRunsAreForgotten(t *testing.T) {
	g, _ := open(t)
	observer := g.Observer()
	g.Uploaded(uploaded("1"))
	g.Uploaded(uploaded("2"))
	run := lambda.Invocation{ID: "1", Attempt: 1}
	observer.Started(run)
	observer.Line(run, doneLine)
	observer.Ended(run, lambda.Result{}, nil)
	if got := account(t, g); got.State != gallery.Queued || len(got.Log) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestVariantAppearsAsItIsWritten(t *testing.T) {
	g, objects := open(t)
	g.Uploaded(uploaded("1"))
	subscription := g.Subscribe()
	defer subscription.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := subscription.Next(ctx); err != nil {
		t.Fatal(err)
	}
	const variant = "resized/small/cats/tom.jpg"
	put(t, objects, variant, metadata(key, etag, "small"))
	g.Written(t.Context(), event.Change{Kind: event.Created, Key: variant})
	update, err := subscription.Next(ctx)
	if err != nil || len(update.Originals) != 1 {
		t.Fatalf("%+v, %v", update, err)
	}
	want := gallery.Variant{
		Preset: "small", Key: variant, URL: base + "/" + variant, Source: links(t).URL(variant, etag, ""), Type: "image/test", Width: 368, Height: 276, Bytes: int64(len(variant)),
	}
	if diff := cmp.Diff(want, update.Originals[0].Variants[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoad(t *testing.T) {
	g, objects := open(t)
	current := put(t, objects, key, nil)
	put(t, objects, "resized/small/cats/tom.jpg", metadata(key, current, "small"))
	put(t, objects, "resized/thumbnail/cats/tom.webp", metadata(key, current, "thumbnail"))
	put(t, objects, "originals/dogs/", nil)
	put(t, objects, "originals/dogs/rex.jpg", nil)
	put(t, objects, "resized/small/dogs/rex.jpg", metadata("originals/dogs/rex.jpg", "an older one", "small"))
	put(t, objects, "resized/small/foreign.jpg", nil)
	if err := g.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := account(t, g); !got.Complete() {
		t.Errorf("%s: %q", got.State, got.Why())
	}
	rex, ok := g.Original("originals/dogs/rex.jpg")
	if !ok || rex.State != gallery.Incomplete || len(rex.Missing()) != 2 {
		t.Errorf("a stale variant counts: %+v", rex)
	}
	if originals, variants := g.Counts(); originals != 2 || variants != 2 {
		t.Errorf("%d originals, %d variants", originals, variants)
	}
}

func TestRemoved(t *testing.T) {
	g, _ := open(t)
	observer := g.Observer()
	g.Uploaded(uploaded("1"))
	run := lambda.Invocation{ID: "1", Attempt: 1}
	observer.Started(run)
	observer.Line(run, doneLine)
	observer.Ended(run, lambda.Result{}, nil)
	g.Removed(event.Change{Kind: event.Removed, Key: "resized/small/cats/tom.jpg"})
	left := account(t, g)
	if missing := left.Missing(); len(missing) != 1 || missing[0].Preset != "small" {
		t.Errorf("missing: %+v", missing)
	}
	g.Removed(event.Change{Kind: event.Removed, Key: key})
	if got := account(t, g); got.State != gallery.Removing || got.State.Settled() {
		t.Errorf("before its variants are gone: %s", got.State)
	}
	g.Cleanup().Line(run, cleaned("removed"))
	if _, ok := g.Original(key); ok {
		t.Error("the original is still there")
	}
	accounts, err := g.Await(t.Context(), []string{key}, func(int) {})
	if err != nil || accounts[0].Complete() {
		t.Errorf("%+v, %v", accounts, err)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	g, _ := open(t)
	g.Uploaded(uploaded("1"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := g.Await(ctx, []string{key}, func(int) {}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestLongLogsAreCut(t *testing.T) {
	g, _ := open(t)
	observer := g.Observer()
	g.Uploaded(uploaded("1"))
	run := lambda.Invocation{ID: "1", Attempt: 1}
	for range 1000 {
		observer.Line(run, strings.Repeat("ü", 4000))
	}
	got := account(t, g)
	if len(got.Log) > 300 || len(got.Log[0]) > 4010 {
		t.Errorf("%d lines of %d bytes", len(got.Log), len(got.Log[0]))
	}
}

// TestSlowWatcherMissesNothing changes more originals than one update holds, some of them often.
func TestSlowWatcherMissesNothing(t *testing.T) {
	g, _ := open(t)
	subscription := g.Subscribe()
	defer subscription.Close()
	const n = 250
	for range 3 {
		for i := range n {
			g.Uploaded(fmt.Sprint(i), event.Change{Kind: event.Created, Key: fmt.Sprintf("originals/%d.jpg", i)})
		}
	}
	g.Removed(event.Change{Kind: event.Removed, Key: "originals/7.jpg"})
	g.Cleanup().Line(lambda.Invocation{}, `{"original":"originals/7.jpg","outcome":"removed"}`)
	told, removed := 0, 0
	for told+removed < n {
		update, err := subscription.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		told += len(update.Originals)
		removed += len(update.Removed)
	}
	if told != n-1 || removed != 1 {
		t.Errorf("%d told, %d removed", told, removed)
	}
}
