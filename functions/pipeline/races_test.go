package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// consistent fails unless every variant shows the original as it is now.
func (f *fixture) consistent(key string) {
	f.t.Helper()
	now, err := f.bucket.Head(context.Background(), key)
	if err != nil {
		if keys := f.keys("resized/"); len(keys) != 0 {
			f.t.Errorf("the original is gone, but %q stand", keys)
		}
		return
	}
	if diff := cmp.Diff(defaultVariants, f.keys("resized/")); diff != "" {
		f.t.Errorf("variants (-want +got):\n%s", diff)
	}
	for _, variant := range f.keys("resized/") {
		if shown := f.head(variant).Metadata["presize-original-etag"]; shown != now.ETag {
			f.t.Errorf("%s shows %s; the original is %s", variant, shown, now.ETag)
		}
	}
}

func TestOverwrittenMeanwhile(t *testing.T) {
	moments := map[string]struct{ method, key string }{
		"before the first write":  {"PutIfAbsent", "resized/small/cat.jpg"},
		"before the last look":    {"Head", "originals/cat.jpg"},
		"before it is read":       {"Open", "originals/cat.jpg"},
		"between writes":          {"PutIfAbsent", "resized/thumbnail/cat.webp"},
		"in the middle of writes": {"PutIfAbsent", "resized/large/cat.jpg"},
	}
	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "")
			f.put("originals/cat.jpg", photo(t, 500, 400, red))
			f.once(moment.method, moment.key, func() { f.put("originals/cat.jpg", photo(t, 400, 500, blue)) })
			if got := f.create("originals/cat.jpg"); got.Outcome != report.Done {
				t.Errorf("%s, %v", got.Outcome, got.Err)
			}
			f.consistent("originals/cat.jpg")
		})
	}
}

func TestDeletedMeanwhile(t *testing.T) {
	for _, moment := range []struct{ method, key string }{
		{"PutIfAbsent", "resized/small/cat.jpg"}, {"PutIfAbsent", "resized/thumbnail/cat.webp"}, {"Head", "originals/cat.jpg"},
	} {
		t.Run(moment.method+" "+moment.key, func(t *testing.T) {
			f := newFixture(t, "")
			f.put("originals/cat.jpg", photo(t, 500, 400, red))
			f.once(moment.method, moment.key, func() { _ = f.bucket.Delete(context.Background(), "originals/cat.jpg") })
			if got := f.create("originals/cat.jpg"); got.Outcome != report.Gone {
				t.Errorf("%s, %v; want gone", got.Outcome, got.Err)
			}
			f.consistent("originals/cat.jpg")
		})
	}
}

// An original that is gone by the time its event is tried again leaves nothing of the first try.
func TestDeletedBetweenTries(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 500, 400, red))
	f.create("originals/cat.jpg")
	if err := f.bucket.Delete(context.Background(), "originals/cat.jpg"); err != nil {
		t.Fatal(err)
	}
	f.put("resized/small/dog.jpg", []byte("not the cat's"))
	f.create("originals/cat.jpg")
	if diff := cmp.Diff([]string{"resized/small/dog.jpg"}, f.keys("resized/")); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
}

// An original that never holds still is given back after a few rounds.
func TestKeepsChanging(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 50, 40, red))
	var n atomic.Int32
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Head" && call.Keys[0] == "originals/cat.jpg" {
			f.put("originals/cat.jpg", photo(t, 50+int(n.Add(1)), 40, red))
		}
		return nil
	})
	got, err := f.createErr(context.Background(), "originals/cat.jpg")
	if err == nil || got.Outcome != report.Retry || got.Rounds != 5 {
		t.Errorf("%s after %d rounds, %v; want retry after 5", got.Outcome, got.Rounds, err)
	}
}

// The same event 50 times at once, on a cold bucket: the same objects, and no error.
func TestFiftyAtOnce(t *testing.T) {
	f := newFixture(t, "")
	f.put("originals/cat.jpg", photo(t, 300, 200, red))
	f.create("originals/cat.jpg")
	want := f.bodies()
	for _, key := range f.keys("resized/") {
		if err := f.bucket.Delete(context.Background(), key); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := f.Sync(context.Background(), event.Change{Kind: event.Created, Bucket: "photos", Key: "originals/cat.jpg"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff(want, f.bodies()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	for _, r := range f.reports {
		if r.Outcome != report.Done {
			t.Errorf("%s, %v", r.Outcome, r.Err)
		}
	}
}

func (f *fixture) bodies() map[string]string {
	f.t.Helper()
	found := map[string]string{}
	for _, key := range f.keys("resized/") {
		found[key] = f.head(key).ETag
	}
	return found
}

// Events of overwrites and deletes, late, early and twice, with every call to storage at a random moment: when all have
// been handled, variants show the original as it is. Failed events are delivered again, as S3 and Lambda do.
func TestRandomInterleavings(t *testing.T) {
	images := [][]byte{photo(t, 60, 40, red), photo(t, 40, 60, blue), photo(t, 50, 50, green), nil}
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 7))
			f := newFixture(t, "")
			f.put("originals/cat.jpg", images[0])
			var mu sync.Mutex
			f.bucket.Hook(func(context.Context, store.Call) error {
				mu.Lock()
				pause := time.Duration(random.IntN(600)) * time.Microsecond
				mu.Unlock()
				time.Sleep(pause)
				return nil
			})
			var events sync.WaitGroup
			deliver := func() {
				events.Go(func() {
					for err := errors.New("not tried"); err != nil; {
						_, err = f.Sync(context.Background(), event.Change{Kind: event.Created, Bucket: "photos", Key: "originals/cat.jpg"})
					}
				})
			}
			deliver()
			for range 4 {
				mu.Lock()
				next := images[random.IntN(len(images))]
				mu.Unlock()
				if bytes.Equal(next, nil) {
					_ = f.bucket.Delete(context.Background(), "originals/cat.jpg")
				} else {
					f.put("originals/cat.jpg", next)
				}
				deliver() // a delete's event arrives too: here, as a created one that comes late
			}
			events.Wait()
			f.bucket.Hook(nil)
			f.consistent("originals/cat.jpg")
		})
	}
}
