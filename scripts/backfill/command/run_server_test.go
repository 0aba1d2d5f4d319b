package command_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/presize/presize/functions/pipeline/store"
)

// server is S3 as far as a run needs it: one bucket, "photos", of objects in memory.
type server struct {
	*store.Memory

	url   string
	onPut func(key string)

	mu   sync.Mutex
	puts map[string]int // by key, but of manifests
}

// serve starts it with n originals, originals/0.jpg and so on.
func serve(t *testing.T, n int) *server {
	t.Helper()
	s := &server{Memory: store.NewMemory(), puts: map[string]int{}}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := s.Put(context.Background(), fmt.Sprintf("originals/%d.jpg", i), store.Object{Body: photo.Bytes()}); err != nil {
			t.Fatal(err)
		}
	}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/photos/")
	switch {
	case r.URL.Query().Has("list-type"):
		s.list(w, r)
	case r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		s.deleteAll(w, r)
	case r.Method == http.MethodPut:
		s.put(w, r, key)
	case r.Method == http.MethodDelete:
		_ = s.Delete(r.Context(), key)
		w.WriteHeader(http.StatusNoContent)
	default:
		info, body, err := s.Open(r.Context(), key)
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		defer body.Close()
		w.Header().Set("ETag", `"`+info.ETag+`"`)
		w.Header().Set("Last-Modified", info.LastModified.Format(http.TimeFormat))
		w.Header().Set("Content-Length", fmt.Sprint(info.Size))
		for name, value := range info.Metadata {
			w.Header().Set("X-Amz-Meta-"+name, value)
		}
		if r.Method == http.MethodGet {
			var all bytes.Buffer
			_, _ = all.ReadFrom(body)
			_, _ = w.Write(all.Bytes())
		}
	}
}

func (s *server) put(w http.ResponseWriter, r *http.Request, key string) {
	if !strings.HasPrefix(key, "resized/manifest/") {
		s.mu.Lock()
		s.puts[key]++
		s.mu.Unlock()
	}
	if s.onPut != nil {
		s.onPut(key)
	}
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	object := store.Object{Body: body.Bytes(), Metadata: map[string]string{}}
	for name := range r.Header {
		if short, ok := strings.CutPrefix(strings.ToLower(name), "x-amz-meta-"); ok {
			object.Metadata[short] = r.Header.Get(name)
		}
	}
	put := s.Put
	if r.Header.Get("If-None-Match") == "*" {
		put = s.PutIfAbsent
	}
	etag, err := put(r.Context(), key, object)
	if err != nil {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	w.Header().Set("ETag", `"`+etag+`"`)
}

func (s *server) deleteAll(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Object []struct{ Key string }
	}
	if err := xml.NewDecoder(r.Body).Decode(&request); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, o := range request.Object {
		_ = s.Delete(r.Context(), o.Key)
	}
	_, _ = w.Write([]byte("<DeleteResult/>"))
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	type object struct {
		Key, ETag, LastModified string
		Size                    int64
	}
	var answer struct {
		XMLName      xml.Name `xml:"ListBucketResult"`
		EncodingType string
		Contents     []object
	}
	answer.EncodingType = "url"
	q := r.URL.Query()
	for info := range s.List(r.Context(), q.Get("prefix"), q.Get("start-after")) {
		answer.Contents = append(answer.Contents, object{url.QueryEscape(info.Key), info.ETag, info.LastModified.Format("2006-01-02T15:04:05.000Z"), info.Size})
	}
	_ = xml.NewEncoder(w).Encode(answer)
}

// keys counts what stands below a prefix.
func (s *server) keys(prefix string) int {
	n := 0
	for range s.List(context.Background(), prefix, "") {
		n++
	}
	return n
}

// written is how many PUTs there were, and the most of them for one key.
func (s *server) written() (all, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.puts {
		all, most = all+n, max(most, n)
	}
	return all, most
}
