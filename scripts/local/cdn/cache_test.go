package cdn_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/cdn"
)

const (
	hit     = "Hit from cloudfront"
	refresh = "RefreshHit from cloudfront"
	miss    = "Miss from cloudfront"
	wrong   = "Error from cloudfront"
)

// edge is a front of a bucket in memory, and CloudFront's API of it.
type edge struct {
	t         *testing.T
	front     *cdn.Front
	objects   *store.Memory
	base, api string
}

func newEdge(t *testing.T) *edge {
	t.Helper()
	e := &edge{t: t, objects: store.NewMemory()}
	e.front = cdn.New(e.objects, config(t))
	server, api := httptest.NewServer(e.front), httptest.NewServer(e.front.API())
	t.Cleanup(server.Close)
	t.Cleanup(api.Close)
	e.base, e.api = server.URL, api.URL
	return e
}

func (e *edge) put(key, body, cacheControl string) {
	e.t.Helper()
	if _, err := e.objects.Put(e.t.Context(), key, store.Object{Body: []byte(body), ContentType: "image/jpeg", CacheControl: cacheControl}); err != nil {
		e.t.Fatal(err)
	}
}

// see asks for a path and says what came, and from where.
func (e *edge) see(path, body, from string) answer {
	e.t.Helper()
	got := ask(e.t, http.MethodGet, e.base, path, nil)
	if !strings.HasPrefix(got.Body, body) || got.Header.Get("X-Cache") != from {
		e.t.Errorf("%s: %q, %s; want %q, %s", path, got.Body, got.Header.Get("X-Cache"), body, from)
	}
	return got
}

func TestLifetime(t *testing.T) {
	for control, want := range map[string]time.Duration{
		"":                         24 * time.Hour,
		"public":                   24 * time.Hour,
		"public, max-age=31536000": 365 * 24 * time.Hour,
		"max-age=99999999999":      365 * 24 * time.Hour,
		"MAX-AGE=60":               time.Minute,
		"max-age=60, s-maxage=5":   5 * time.Second,
		"s-maxage=0, max-age=60":   0,
		"no-cache":                 0,
		"private, max-age=60":      0,
		"max-age=60, no-store":     0,
		"max-age=soon":             0,
		"max-age=-1":               0,
		"public, max-age=60, immutable, x=y, z=\"": time.Minute,
	} {
		if got := cdn.Lifetime(control); got != want {
			t.Errorf("%q: %s, want %s", control, got, want)
		}
	}
}

// TestCopies: a copy is served as long as it may be, whatever the bucket has meanwhile.
func TestCopies(t *testing.T) {
	e := newEdge(t)
	now := time.Now()
	e.front.Clock(func() time.Time { return now })
	const path = "/resized/small/a.jpg"
	e.put("resized/small/a.jpg", "old", "max-age=60")
	e.see(path, "old", miss)
	e.put("resized/small/a.jpg", "new", "max-age=60")
	now = now.Add(59 * time.Second)
	if got := e.see(path, "old", hit); got.Header.Get("Age") != "59" {
		t.Errorf("age %q", got.Header.Get("Age"))
	}
	if got := ask(t, http.MethodHead, e.base, path, nil); got.Header.Get("X-Cache") != hit || got.Header.Get("Content-Length") != "3" {
		t.Errorf("HEAD: %v", got.Header)
	}
	if got := ask(t, http.MethodGet, e.base, path, map[string]string{"Range": "bytes=1-1"}); got.Status != 206 || got.Body != "l" {
		t.Errorf("range: %d %q", got.Status, got.Body)
	}
	now = now.Add(2 * time.Second)
	e.see(path, "new", miss)
	now = now.Add(time.Minute)
	e.see(path, "new", refresh)
	e.see(path, "new", hit)
	e.put("resized/manifest/a.jpg.json", "1", "no-cache")
	e.see("/resized/manifest/a.jpg.json", "1", miss)
	e.put("resized/manifest/a.jpg.json", "2", "no-cache")
	e.see("/resized/manifest/a.jpg.json", "2", miss)
	e.see("/resized/small/none.jpg", "no such variant", wrong)
}

func TestVersionsAreCopiesOfTheirOwn(t *testing.T) {
	e := newEdge(t)
	const path = "/resized/small/a.jpg"
	e.put("resized/small/a.jpg", "1", cache)
	e.see(path+"?v=1", "1", miss)
	e.put("resized/small/a.jpg", "2", cache)
	e.see(path+"?v=2", "2", miss)
	e.see(path, "2", miss)
	e.see(path+"?v=1", "1", hit)
	e.see(path+"?utm=x&v=1&w=y", "1", hit)
	e.see(path+"?utm=x", "2", hit)
	e.see("/resized/%73mall/a.jpg", "2", hit)
}

func TestMemoryIsBounded(t *testing.T) {
	e := newEdge(t)
	e.front.Limit(100)
	for i := range 12 {
		key := fmt.Sprintf("resized/small/%d.jpg", i)
		e.put(key, strings.Repeat("x", 10), cache)
		e.see("/"+key, "x", miss)
		e.see("/resized/small/0.jpg", "x", hit) // in use
	}
	e.see("/resized/small/11.jpg", "x", hit)
	e.see("/resized/small/1.jpg", "x", miss)
}

// slow hands out an object as it was when it was opened, when it is told to.
type slow struct {
	*store.Memory
	opened, proceed chan struct{}
	once            sync.Once
}

func (s *slow) Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error) {
	info, body, err := s.Memory.Open(ctx, key)
	s.once.Do(func() {
		close(s.opened)
		<-s.proceed
	})
	return info, body, err
}

// TestFetchThatWasOvertakenIsNotKept: the object is invalidated while its older state is on the way.
func TestFetchThatWasOvertakenIsNotKept(t *testing.T) {
	e := newEdge(t)
	e.put("resized/small/a.jpg", "old", cache)
	objects := &slow{Memory: e.objects, opened: make(chan struct{}), proceed: make(chan struct{})}
	e.front = cdn.New(objects, config(t))
	server, api := httptest.NewServer(e.front), httptest.NewServer(e.front.API())
	t.Cleanup(server.Close)
	t.Cleanup(api.Close)
	e.base, e.api = server.URL, api.URL
	var first answer
	var group sync.WaitGroup
	group.Go(func() { first = ask(t, http.MethodGet, e.base, "/resized/small/a.jpg", nil) })
	<-objects.opened
	e.put("resized/small/a.jpg", "new", cache)
	e.invalidate("reference", 201, "/resized/small/a.jpg")
	close(objects.proceed)
	group.Wait()
	if first.Body != "old" {
		t.Errorf("the first saw %q", first.Body)
	}
	e.see("/resized/small/a.jpg", "new", miss)
}
