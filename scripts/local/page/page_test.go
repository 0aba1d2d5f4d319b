package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/page"
)

type fixture struct {
	url     string
	gallery *gallery.Gallery
	mu      sync.Mutex
	stored  map[string]string
	removed []string
}

func open(t *testing.T) *fixture {
	t.Helper()
	config, err := preset.Load("presets.yaml", []byte("version: 1\npresets:\n  small: {width: 368}\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{stored: map[string]string{}}
	if f.gallery, err = gallery.New(config, store.NewMemory(), "http://127.0.0.1:8081"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(page.Handler(page.Sources{
		About:    page.About{Bucket: "photos", Originals: "originals/", CDN: "http://127.0.0.1:8081", Presets: []page.Preset{}},
		Gallery:  f.gallery,
		Counters: func() lambda.Counters { return lambda.Counters{Invocations: 5} },
		DeadLetters: func() []lambda.DeadLetter {
			return []lambda.DeadLetter{{ID: "1", Err: errors.New("no"), Payload: []byte("{}")}}
		},
		Upload: f.upload, Remove: f.remove,
	}))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *fixture) upload(_ context.Context, name, contentType string, body io.ReadSeeker) (string, error) {
	switch name {
	case "refused.jpg":
		return name, &page.NameError{Name: name, Why: "because"}
	case "broken.jpg":
		return name, errors.New("out of order")
	}
	content, err := io.ReadAll(body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored[name] = contentType + " " + string(content)
	return name, err
}

func (f *fixture) remove(_ context.Context, key string) error {
	switch key {
	case "originals/refused.jpg":
		return &page.NameError{Name: key, Why: "because"}
	case "originals/broken.jpg":
		return errors.New("out of order")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.removed = append(f.removed, key)
	return nil
}

func (f *fixture) do(t *testing.T, method, path, body string, change func(*http.Request)) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(request)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content), response.Header
}

func host(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestOnlyThisMachineIsAnswered(t *testing.T) {
	f := open(t)
	tests := map[string]struct {
		method, path string
		change       func(*http.Request)
		status       int
	}{
		"as it is":               {http.MethodGet, "/", nil, 200},
		"localhost":              {http.MethodGet, "/", host("localhost:8080"), 200},
		"IPv6":                   {http.MethodGet, "/", host("[::1]:8080"), 200},
		"a rebound name":         {http.MethodGet, "/", host("evil.example:8080"), 403},
		"a name that begins so":  {http.MethodGet, "/", host("localhost.evil.example"), 403},
		"events, rebound":        {http.MethodGet, "/events", host("evil.example"), 403},
		"dead letters, rebound":  {http.MethodGet, "/dead-letters", host("evil.example"), 403},
		"upload, rebound":        {http.MethodPut, "/originals/x.jpg", host("evil.example"), 403},
		"upload of another site": {http.MethodPut, "/originals/x.jpg", header("Sec-Fetch-Site", "cross-site"), 403},
		"upload of another port": {http.MethodPut, "/originals/x.jpg", header("Sec-Fetch-Site", "same-site"), 403},
		"upload, other origin":   {http.MethodPut, "/originals/x.jpg", header("Origin", "http://evil.example"), 403},
		"upload, null origin":    {http.MethodPut, "/originals/x.jpg", header("Origin", "null"), 403},
		"upload, own page":       {http.MethodPut, "/originals/x.jpg", header("Sec-Fetch-Site", "same-origin"), 201},
		"upload, no browser":     {http.MethodPut, "/originals/x.jpg", nil, 201},
		"another method":         {http.MethodPost, "/originals/x.jpg", nil, 405},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			status, body, got := f.do(t, tt.method, tt.path, "x", tt.change)
			if status != tt.status {
				t.Errorf("got %d %s, want %d", status, body, tt.status)
			}
			if got.Get("Access-Control-Allow-Origin") != "" {
				t.Error("another origin may read the answer")
			}
		})
	}
}

func TestUpload(t *testing.T) {
	f := open(t)
	for _, name := range []string{"cat.jpg", "Größe/söme 😀.jpg", "100%25+&.jpg", "a=b?c#d.jpg"} {
		status, body, _ := f.do(t, http.MethodPut, "/", "pixels", func(r *http.Request) {
			r.URL.Path = "/originals/" + name
			r.Header.Set("Content-Type", "image/jpeg")
		})
		if status != http.StatusCreated || f.stored[name] != "image/jpeg pixels" {
			t.Errorf("%s: %d %s; stored %v", name, status, body, f.stored)
		}
		var answer struct{ Key string }
		if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Key != "originals/"+name {
			t.Errorf("%s: %s", name, body)
		}
	}
	for name, want := range map[string]struct {
		status int
		text   string
	}{"refused.jpg": {400, "because"}, "broken.jpg": {502, "out of order"}} {
		if status, body, _ := f.do(t, http.MethodPut, "/originals/"+name, "", nil); status != want.status || !strings.Contains(body, want.text) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// TestNothingComesFromElsewhere reads the page's files for addresses.
func TestNothingComesFromElsewhere(t *testing.T) {
	f := open(t)
	address := regexp.MustCompile(`(https?:)?//[a-z0-9]`)
	for _, path := range []string{"/", "/page.css", "/page.js", "/words.js", "/tiles.js", "/thumbhash.js", "/manifest.js", "/completions.js", "/icon.svg"} {
		status, body, got := f.do(t, http.MethodGet, path, "", nil)
		if status != http.StatusOK || got.Get("Content-Security-Policy") == "" || got.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, status, got)
		}
		body = strings.ReplaceAll(body, "http://www.w3.org/2000/svg", "")
		if found := address.FindString(body); found != "" {
			t.Errorf("%s names an address: %s", path, found)
		}
	}
}

func TestDeadLetters(t *testing.T) {
	f := open(t)
	_, body, _ := f.do(t, http.MethodGet, "/dead-letters", "", nil)
	if !strings.Contains(body, `"error":"no"`) || !strings.Contains(body, `"event":"{}"`) {
		t.Error(body)
	}
}

func TestEvents(t *testing.T) {
	f := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.gallery.Uploaded("1", event.Change{Kind: event.Created, Key: "originals/before.jpg"})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	// expect reads on until an event of this name whose data has this text.
	expect := func(name, text string) {
		t.Helper()
		current := ""
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				current = rest
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && current == name && strings.Contains(data, text) {
				return
			}
		}
		t.Fatalf("no event %s with %s: %v", name, text, lines.Err())
	}
	expect("reset", "{}")
	expect("counters", `"invocations":5`)
	expect("originals", `"originals/before.jpg"`)
	f.gallery.Uploaded("2", event.Change{Kind: event.Created, Key: "originals/after.jpg"})
	expect("originals", `"originals/after.jpg"`)
	f.gallery.Removed(event.Change{Kind: event.Removed, Key: "originals/before.jpg"})
	expect("originals", `"state":"removing"`)
	f.gallery.Cleanup().Line(lambda.Invocation{}, `{"original":"originals/before.jpg","outcome":"removed"}`)
	expect("removed", `"originals/before.jpg"`)
	if err := f.gallery.Completed("Presize Original Removed", []byte(`{"version":1,"status":"removed","original":{"key":"originals/before.jpg"}}`)); err != nil {
		t.Fatal(err)
	}
	expect("completions", `"status":"removed"`)
}

// TestDelete deletes by the page's own request.
func TestDelete(t *testing.T) {
	f := open(t)
	for name, want := range map[string]int{"cat.jpg": 204, "with%20space/%C3%BC+%2B.jpg": 204, "refused.jpg": 400, "broken.jpg": 502} {
		if status, body, _ := f.do(t, http.MethodDelete, "/originals/"+name, "", nil); status != want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	slices.Sort(f.removed)
	if want := []string{"originals/cat.jpg", "originals/with space/ü++.jpg"}; !slices.Equal(f.removed, want) {
		t.Errorf("removed: %q", f.removed)
	}
	if status, _, _ := f.do(t, http.MethodDelete, "/originals/cat.jpg", "", header("Sec-Fetch-Site", "cross-site")); status != http.StatusForbidden {
		t.Errorf("another web site deletes: %d", status)
	}
}
