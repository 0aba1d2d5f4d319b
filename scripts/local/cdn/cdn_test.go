package cdn_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/cdn"
)

const (
	body  = "0123456789"
	cache = "public, max-age=31536000"
)

var keys = []string{
	"resized/small/cat.jpg",
	"resized/small/with space.jpg",
	"resized/small/plus+and&amp;.jpg",
	"resized/small/100%25 sure%2F.jpg",
	"resized/small/Größe/猫/😀.jpg",
	"resized/small/\"quoted\" 'twice' <b>.jpg",
	"resized/small/a=b?c#d;e,f:g@h!i*j(k)~$[l]{m}^n|o`p.jpg",
}

func serve(t *testing.T) (base string, info store.Info) {
	t.Helper()
	objects := store.NewMemory()
	for _, key := range append(keys, "originals/secret.jpg", "resizedx.jpg", "resized/failed/cat.jpg.json") {
		if _, err := objects.Put(t.Context(), key, store.Object{
			Body: []byte(body), ContentType: "image/jpeg", CacheControl: cache,
		}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := objects.Head(t.Context(), keys[0])
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(cdn.New(objects, config(t)))
	t.Cleanup(server.Close)
	return server.URL, info
}

func config(t *testing.T) *preset.Config {
	t.Helper()
	c, err := preset.Load("presets.yaml", []byte("version: 1\npresets:\n  small: {width: 368}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type answer struct {
	Status int
	Body   string
	Header http.Header
}

// ask sends path as it is: the URL is not cleaned.
func ask(t *testing.T, method, base, path string, header map[string]string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.URL.Opaque = strings.TrimPrefix(base, "http:") + path
	for name, value := range header {
		request.Header.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, string(content), response.Header}
}

func TestEveryKeyIsServedAtItsPath(t *testing.T) {
	base, _ := serve(t)
	for _, key := range keys {
		t.Run(key, func(t *testing.T) {
			got := ask(t, http.MethodGet, base, cdn.Path(key), nil)
			if got.Status != http.StatusOK || got.Body != body {
				t.Errorf("%s: %d %q", cdn.Path(key), got.Status, got.Body)
			}
			if parsed, err := url.Parse(base + cdn.Path(key)); err != nil || parsed.Path != "/"+key {
				t.Errorf("%s reads back as %q, %v", cdn.Path(key), parsed.Path, err)
			}
		})
	}
	if got := ask(t, http.MethodGet, base, "/resized/small/plus+and&amp;.jpg", nil); got.Status != http.StatusOK {
		t.Errorf("a bare plus: %d", got.Status)
	}
}

func TestHeaders(t *testing.T) {
	base, info := serve(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		got := ask(t, method, base, cdn.Path(keys[0]), nil)
		want := map[string]string{
			"Content-Type":                "image/jpeg",
			"Content-Length":              "10",
			"Cache-Control":               cache,
			"Etag":                        `"` + info.ETag + `"`,
			"Last-Modified":               info.LastModified.Format(http.TimeFormat),
			"X-Content-Type-Options":      "nosniff",
			"Access-Control-Allow-Origin": "*",
			"Accept-Ranges":               "bytes",
		}
		have := map[string]string{}
		for name := range want {
			have[name] = got.Header.Get(name)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
		if method == http.MethodHead && got.Body != "" {
			t.Errorf("HEAD has a body: %q", got.Body)
		}
	}
}

func TestConditionsAndRanges(t *testing.T) {
	base, info := serve(t)
	modified := info.LastModified.Format(http.TimeFormat)
	tests := map[string]struct {
		header map[string]string
		status int
		body   string
	}{
		"same ETag":          {map[string]string{"If-None-Match": `"` + info.ETag + `"`}, 304, ""},
		"weak ETag":          {map[string]string{"If-None-Match": `W/"` + info.ETag + `"`}, 304, ""},
		"one of the ETags":   {map[string]string{"If-None-Match": `"x", "` + info.ETag + `"`}, 304, ""},
		"other ETag":         {map[string]string{"If-None-Match": `"other"`}, 200, body},
		"not modified since": {map[string]string{"If-Modified-Since": modified}, 304, ""},
		"modified since":     {map[string]string{"If-Modified-Since": "Mon, 02 Jan 2006 15:04:05 GMT"}, 200, body},
		"the ETag decides": {
			map[string]string{"If-None-Match": `"other"`, "If-Modified-Since": modified}, 200, body,
		},
		"range":              {map[string]string{"Range": "bytes=2-4"}, 206, "234"},
		"last bytes":         {map[string]string{"Range": "bytes=-3"}, 206, "789"},
		"range out of reach": {map[string]string{"Range": "bytes=50-"}, 416, "invalid range: failed to overlap\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := ask(t, http.MethodGet, base, cdn.Path(keys[0]), tt.header)
			if got.Status != tt.status || got.Body != tt.body {
				t.Errorf("got %d %q, want %d %q", got.Status, got.Body, tt.status, tt.body)
			}
			if got.Status == 304 && (got.Header.Get("ETag") == "" || got.Header.Get("Cache-Control") != cache) {
				t.Errorf("304 without what renews a cache's copy: %v", got.Header)
			}
		})
	}
}

func TestNothingElseIsServed(t *testing.T) {
	base, _ := serve(t)
	tests := map[string]struct {
		method, path string
		status       int
	}{
		"missing":         {http.MethodGet, "/resized/small/dog.jpg", 404},
		"original":        {http.MethodGet, "/originals/secret.jpg", 403},
		"climbing":        {http.MethodGet, "/resized/../originals/secret.jpg", 403},
		"climbing hidden": {http.MethodGet, "/resized/%2e%2e/originals/secret.jpg", 403},
		"climbing slash":  {http.MethodGet, "/resized/..%2foriginals/secret.jpg", 403},
		"empty part":      {http.MethodGet, "/resized//small/cat.jpg", 403},
		"similar prefix":  {http.MethodGet, "/resizedx.jpg", 403},
		"failure":         {http.MethodGet, "/resized/failed/cat.jpg.json", 403},
		"failure hidden":  {http.MethodGet, "/resized/%66ailed/cat.jpg.json?v=1", 403},
		"folder":          {http.MethodGet, "/resized/", 403},
		"root":            {http.MethodGet, "/", 403},
		"not UTF-8":       {http.MethodGet, "/resized/%ff.jpg", 403},
		"put":             {http.MethodPut, "/resized/small/cat.jpg", 405},
		"delete":          {http.MethodDelete, "/resized/small/cat.jpg", 405},
		"preflight":       {http.MethodOptions, "/resized/small/cat.jpg", 204},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := ask(t, tt.method, base, tt.path, nil)
			if got.Status != tt.status || strings.Contains(got.Body, body) {
				t.Errorf("got %d %q, want %d", got.Status, got.Body, tt.status)
			}
			if tt.status >= 400 && got.Header.Get("Cache-Control") != "public, max-age=5" {
				t.Errorf("kept for %q", got.Header.Get("Cache-Control"))
			}
		})
	}
}

type broken struct{}

func (broken) Open(context.Context, string) (store.Info, io.ReadCloser, error) {
	return store.Info{}, nil, errors.New("out of order")
}

func TestBrokenBucketIsNotAMissingVariant(t *testing.T) {
	server := httptest.NewServer(cdn.New(broken{}, config(t)))
	defer server.Close()
	if got := ask(t, http.MethodGet, server.URL, "/resized/x.jpg", nil); got.Status != http.StatusBadGateway {
		t.Errorf("got %d %q", got.Status, got.Body)
	}
}
