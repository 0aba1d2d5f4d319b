package engine_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

// accepted answers as Lambda does to an asynchronous invocation, and does what the function would.
func accepted(do func(key string)) func(http.ResponseWriter, event.Change) {
	return func(w http.ResponseWriter, change event.Change) {
		w.WriteHeader(http.StatusAccepted)
		do(change.Key)
	}
}

// cdn is CloudFront as far as invalidations need it.
type cdn struct {
	mu    sync.Mutex
	asked [][]string
}

func (c *cdn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Paths struct {
			Items struct{ Path []string }
		}
	}
	if err := xml.NewDecoder(r.Body).Decode(&batch); err != nil || !strings.HasSuffix(r.URL.Path, "/distribution/E2EXAMPLE/invalidation") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, batch.Paths.Items.Path)
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write([]byte(`<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>`))
}

func newRefresher(t *testing.T) (*engine.Refresher, *cdn) {
	t.Helper()
	c := &cdn{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	refresh, err := engine.NewRefresher(cloudfront.New(cloudfront.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}), "E2EXAMPLE", config(t, twoPresets))
	if err != nil {
		t.Fatal(err)
	}
	return refresh, c
}

// What is written over is asked for once, at the end; what is new is not.
func TestRefresher(t *testing.T) {
	bucket := store.NewMemory()
	refresh, c := newRefresher(t)
	here := engine.NewHere(config(t, twoPresets), "photos", bucket, bucket, 2, engine.WithRefresh(refresh.Note))
	put := func(width int) {
		_, _ = bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: photo(t, width, 80)})
		if result, err := here.Do(t.Context(), engine.Item{Key: "originals/a.jpg"}); err != nil || result.Outcome != report.Done {
			t.Fatalf("%+v, %v", result, err)
		}
	}
	put(100)
	if asked, err := refresh.Flush(t.Context()); asked || err != nil {
		t.Errorf("a first creation: %v, %v", asked, err)
	}
	put(120)
	put(140)
	for _, want := range []bool{true, false} {
		if asked, err := refresh.Flush(t.Context()); asked != want || err != nil {
			t.Errorf("asked %v, want %v, %v", asked, want, err)
		}
	}
	refresh.Everything()
	_, _ = refresh.Flush(t.Context())
	if diff := cmp.Diff([][]string{{"/resized/small/a.jpg", "/resized/thumbnail/a.webp"}, {"/resized/*"}}, c.asked); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// A removed original's copies are asked for before its message goes.
func TestRefresherNow(t *testing.T) {
	bucket := store.NewMemory()
	refresh, c := newRefresher(t)
	_, _ = bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: photo(t, 100, 80)})
	here := engine.NewHere(config(t, twoPresets), "photos", bucket, bucket, 2, engine.WithRefresh(refresh.Now))
	_, _ = here.Do(t.Context(), engine.Item{Key: "originals/a.jpg"})
	_ = bucket.Delete(t.Context(), "originals/a.jpg")
	results, err := here.Replay(t.Context(), engine.Letter{Changes: []event.Change{{Kind: event.Removed, Bucket: "photos", Key: "originals/a.jpg"}}})
	if err != nil || results[0].Outcome != report.Removed {
		t.Fatalf("%+v, %v", results, err)
	}
	if diff := cmp.Diff([][]string{{"/resized/small/a.jpg*", "/resized/thumbnail/a.webp*"}}, c.asked); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// The URLs of manifests go on as they began.
func TestBaseURL(t *testing.T) {
	for _, want := range []string{"https://images.example.com/p", ""} {
		bucket := store.NewMemory()
		c := config(t, twoPresets)
		links, _ := report.NewLinks(want)
		here := engine.NewHere(c, "photos", bucket, bucket, 2, engine.WithLinks(links))
		if base, err := engine.BaseURL(t.Context(), c, bucket); base != "" || err != nil {
			t.Errorf("an empty bucket: %q, %v", base, err)
		}
		_, _ = bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: []byte("no image")}) // whose manifest has no variant
		_, _ = bucket.Put(t.Context(), "originals/b é+.jpg", store.Object{Body: photo(t, 100, 80)})
		_, _ = bucket.Put(t.Context(), "resized/manifest/0.jpg.json", store.Object{Body: []byte("odd")})
		for _, key := range []string{"originals/a.jpg", "originals/b é+.jpg"} {
			_, _ = here.Do(t.Context(), engine.Item{Key: key})
		}
		if base, err := engine.BaseURL(t.Context(), c, bucket); base != want || err != nil {
			t.Errorf("%q, %v, want %q", base, err, want)
		}
	}
}
