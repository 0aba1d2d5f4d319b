package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

func record(t *testing.T, bucket store.Objects, original, reason string, of ...report.Failure) {
	t.Helper()
	body, err := report.FailureRecord{
		Version: report.Version, Original: report.OriginalState{Key: original}, Reason: reason, Failures: of, Renderer: "r",
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	key, err := config(t, twoPresets).FailureKey(original)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.Put(t.Context(), key, store.Object{Body: body}); err != nil {
		t.Fatal(err)
	}
}

func TestQuarantined(t *testing.T) {
	bucket := store.NewMemory()
	record(t, bucket, "originals/a/1.jpg", "corrupt")
	record(t, bucket, "originals/a/2.jpg", "key-taken", report.Failure{Preset: "small", Reason: "key-taken"}, report.Failure{Preset: "thumbnail", Reason: "encode-failed"})
	record(t, bucket, "originals/b", "too-large")
	_, _ = bucket.Put(t.Context(), "resized/failed/foreign.txt", store.Object{})
	_, _ = bucket.Put(t.Context(), "resized/failed/c.jpg.json", store.Object{Body: []byte("odd")})
	_, _ = bucket.Put(t.Context(), "resized/manifest/d.jpg.json", store.Object{})
	for name, c := range map[string]struct {
		alter func(*engine.Quarantined)
		want  []string
	}{
		"all":           {func(*engine.Quarantined) {}, []string{"originals/a/1.jpg", "originals/a/2.jpg", "originals/b", "originals/c.jpg"}},
		"prefix":        {func(q *engine.Quarantined) { q.Prefix = "a/" }, []string{"originals/a/1.jpg", "originals/a/2.jpg"}},
		"after":         {func(q *engine.Quarantined) { q.After = "originals/a/2.jpg" }, []string{"originals/b", "originals/c.jpg"}},
		"reasons":       {func(q *engine.Quarantined) { q.Reasons = []string{"too-large", "corrupt"} }, []string{"originals/a/1.jpg", "originals/b"}},
		"of one preset": {func(q *engine.Quarantined) { q.Reasons = []string{"encode-failed"} }, []string{"originals/a/2.jpg"}},
	} {
		t.Run(name, func(t *testing.T) {
			q := &engine.Quarantined{Config: config(t, twoPresets), Records: bucket}
			c.alter(q)
			var got []string
			for key, err := range q.Walk(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, key)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("originals (-want +got):\n%s", diff)
			}
		})
	}
}

// late answers a record the later, the earlier it is listed, and fails at one.
type late struct {
	store.Objects
	broken string
}

var errBroken = errors.New("reset")

func (l *late) Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error) {
	if key == l.broken {
		return store.Info{}, nil, errBroken
	}
	if key < "resized/failed/010" {
		time.Sleep(time.Millisecond)
	}
	return l.Objects.Open(ctx, key)
}

func (l *late) List(ctx context.Context, prefix, after string) iter.Seq2[store.Info, error] {
	return l.Objects.List(ctx, prefix, after)
}

// Records are read side by side and told in order; an error ends the walk where it is, and so does who has seen enough.
func TestQuarantinedOrder(t *testing.T) {
	bucket := store.NewMemory()
	for i := range 300 {
		record(t, bucket, name(i), "corrupt")
	}
	q := &engine.Quarantined{Config: config(t, twoPresets), Records: &late{bucket, ""}, Reasons: []string{"corrupt"}}
	walk := func(enough int) (keys []string, err error) {
		for key, err := range q.Walk(t.Context()) {
			if err != nil {
				return keys, err
			}
			if keys = append(keys, key); len(keys) == enough {
				break
			}
		}
		return keys, nil
	}
	if keys, err := walk(0); err != nil || len(keys) != 300 || !slices.IsSorted(keys) {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if keys, err := walk(7); err != nil || len(keys) != 7 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	q.Records = &late{bucket, fmt.Sprintf("resized/failed/%03d.jpg.json", 123)}
	if keys, err := walk(0); !errors.Is(err, errBroken) || len(keys) != 123 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

// pages is a listing of which a page is under way when the context ends.
type pages struct{ *store.Memory }

func (p pages) List(ctx context.Context, prefix, after string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		for info := range p.Memory.List(ctx, prefix, after) {
			if !yield(info, nil) {
				return
			}
		}
		<-ctx.Done()
		yield(store.Info{}, ctx.Err())
	}
}

// A walk that is stopped has not come to its end.
func TestQuarantinedStopped(t *testing.T) {
	bucket := store.NewMemory()
	record(t, bucket, name(1), "corrupt")
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	var last error
	for _, err := range (&engine.Quarantined{Config: config(t, twoPresets), Records: pages{bucket}}).Walk(ctx) {
		last = err
		stop(engine.ErrStopped)
	}
	if last == nil {
		t.Error("it passes for finished")
	}
}

// A failed original is told by its new record, not by waiting for variants that do not come.
func TestLambdaFailureRecord(t *testing.T) {
	bucket := store.NewMemory()
	way, f := newLambda(t, bucket, nil)
	way.Wait = time.Minute
	here := engine.NewHere(way.Config, "photos", bucket, bucket, 2)
	f.answer = accepted(func(key string) { _, _ = here.Do(t.Context(), engine.Item{Key: key}) })
	_, _ = bucket.Put(t.Context(), name(1), store.Object{Body: []byte("no image")})
	for range 2 { // the second time over the record of the first
		result, err := way.Do(t.Context(), engine.Item{Key: name(1), Size: -1})
		if err != nil || result.Outcome != report.Failed || result.Reason != "not-an-image" {
			t.Errorf("%+v, %v", result, err)
		}
	}
	_, _ = bucket.Put(t.Context(), name(1), store.Object{Body: photo(t, 100, 80)})
	result, err := way.Do(t.Context(), engine.Item{Key: name(1), Size: -1})
	if err != nil || result.Outcome != report.Done || result.Variants != 2 {
		t.Errorf("mended: %+v, %v", result, err)
	}
}
