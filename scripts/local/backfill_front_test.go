package main_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// harm is what a front does to a request.
type harm int

const (
	none       harm = iota
	slowDown        // S3 answers 503 and asks for fewer requests
	cutRequest      // the connection ends in the middle of what is sent to S3
	cutAnswer       // the connection ends in the middle of what S3 answers
	loseAnswer      // S3 does as it is told, and its answer is lost
)

// request is one that came to a front.
type request struct {
	phase  int
	method string
	key    string // empty: a listing
	status int    // 0: not answered
}

// front stands between the backfill and S3. It writes down what comes along, makes it late, and does harm.
type front struct {
	site   *site
	to     *url.URL
	path   http.RoundTripper // to S3
	server *httptest.Server

	mu      sync.Mutex
	latency time.Duration            // of every answer
	treat   func(*http.Request) harm // nil: do no harm
	idle    *sync.Cond               // when busy falls to 0
	busy    int                      // requests under way
	phase   int
	seen    []*request
}

// newFront puts a front before the site's S3.
func newFront(t testing.TB, s *site) *front {
	t.Helper()
	to, err := url.Parse(shared.S3)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}
	f := &front{site: s, to: to, path: transport}
	f.idle = sync.NewCond(&f.mu)
	f.server = httptest.NewServer(f)
	s.endpoint = f.server.URL
	t.Cleanup(func() {
		f.server.Close()
		transport.CloseIdleConnections()
	})
	return f
}

// ServeHTTP passes a request on as it is: its signature covers the Host header, which is kept.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen, treat, latency := f.note(r)
	defer f.done()
	what := none
	if treat != nil {
		what = treat(r)
	}
	time.Sleep(latency)
	if what == slowDown {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>1</RequestId><HostId>1</HostId></Error>`)
		return
	}
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.URL.Scheme, out.URL.Host = f.to.Scheme, f.to.Host
	if what == cutRequest {
		out.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, r.ContentLength/2), broken{}))
	}
	answer, err := f.path.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler) // the connection ends
	}
	defer func() { _ = answer.Body.Close() }()
	f.mu.Lock()
	seen.status = answer.StatusCode
	f.mu.Unlock()
	if what == loseAnswer {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), answer.Header)
	body := io.Reader(answer.Body)
	length, _ := strconv.ParseInt(answer.Header.Get("Content-Length"), 10, 64)
	if what == cutAnswer {
		body = io.LimitReader(body, length/2)
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, body)
	if what == cutAnswer {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// broken is a connection that ended.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// set says how requests are treated from now on. The backfill is another process: the race detector sees no order between its
// start and its requests.
func (f *front) set(latency time.Duration, treat func(*http.Request) harm) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency, f.treat = latency, treat
}

// note writes a request down, and says how to treat it.
func (f *front) note(r *http.Request) (*request, func(*http.Request) harm, time.Duration) {
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/"+f.site.name), "/")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy++
	seen := &request{phase: f.phase, method: r.Method, key: key}
	f.seen = append(f.seen, seen)
	return seen, f.treat, f.latency
}

func (f *front) done() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy--; f.busy == 0 {
		f.idle.Broadcast()
	}
}

// next waits for what is under way, and begins another phase.
func (f *front) next() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.busy > 0 {
		f.idle.Wait()
	}
	f.phase++
}

// requests gives those of a method, in their order.
func (f *front) requests(method string) []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []request
	for _, r := range f.seen {
		if r.method == method {
			found = append(found, *r)
		}
	}
	return found
}

// writes counts the requests of this phase that change the bucket.
func (f *front) writes() int {
	n := 0
	for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodDelete} {
		for _, r := range f.requests(method) {
			if r.phase == f.phase {
				n++
			}
		}
	}
	return n
}
