package cdn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/presize/presize/functions/pipeline/store"
)

// Objects is what the front reads.
type Objects interface {
	// Open returns store.ErrNotFound when the key does not exist.
	Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error)
}

// missing is how long an answer without an object is kept: a variant that is asked for too early appears soon.
const missing = "public, max-age=5"

// Handler serves the objects whose keys begin with prefix at the path "/" + key.
func Handler(objects Objects, prefix string) http.Handler {
	return &front{objects: objects, prefix: prefix}
}

// Path is the path of a key's URL. It also encodes "+", which some servers read as a space.
func Path(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(part), "+", "%2B")
	}
	return "/" + strings.Join(parts, "/")
}

type front struct {
	objects Objects
	prefix  string
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("X-Content-Type-Options", "nosniff")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		header.Set("Access-Control-Allow-Methods", "GET, HEAD")
		header.Set("Access-Control-Allow-Headers", "*")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		header.Set("Allow", "GET, HEAD, OPTIONS")
		refuse(w, http.StatusMethodNotAllowed, "only GET and HEAD")
		return
	}
	// r.URL.Path is the path decoded once; "+" in it is a plus.
	key := strings.TrimPrefix(r.URL.Path, "/")
	if !f.serves(key) {
		refuse(w, http.StatusForbidden, "only "+f.prefix+" is public")
		return
	}
	f.serve(w, r, key)
}

// serves says whether the key is below the prefix and one that climbs nowhere.
func (f *front) serves(key string) bool {
	if !strings.HasPrefix(key, f.prefix) || strings.HasSuffix(key, "/") || !utf8.ValidString(key) {
		return false
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

func (f *front) serve(w http.ResponseWriter, r *http.Request, key string) {
	info, body, err := f.objects.Open(r.Context(), key)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrInvalid):
		refuse(w, http.StatusNotFound, "no such variant")
		return
	case r.Context().Err() != nil:
		return
	case err != nil:
		slog.ErrorContext(r.Context(), "variant not served", "variant", key, "error", err)
		refuse(w, http.StatusBadGateway, "the bucket did not answer")
		return
	}
	defer func() { _ = body.Close() }()
	header := w.Header()
	header.Set("Content-Type", info.ContentType)
	header.Set("ETag", `"`+info.ETag+`"`)
	if info.CacheControl != "" {
		header.Set("Cache-Control", info.CacheControl)
	}
	http.ServeContent(w, r, "", info.LastModified, &seeker{body: body, size: info.Size})
}

func refuse(w http.ResponseWriter, status int, text string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", missing)
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // a client that cannot be written to is gone
}

// seeker lets http.ServeContent seek in a body that can only be read: forwards, by reading.
type seeker struct {
	body io.Reader
	size int64
	read int64 // how far the body was read
	want int64 // where the next Read begins
}

// Seek notes where the next Read begins.
func (s *seeker) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.want
	case io.SeekEnd:
		offset += s.size
	}
	s.want = offset
	return offset, nil
}

// Read reads from there.
func (s *seeker) Read(p []byte) (int, error) {
	if s.want < s.read {
		return 0, errors.New("reading backwards")
	}
	if s.want > s.read {
		skipped, err := io.CopyN(io.Discard, s.body, s.want-s.read)
		s.read += skipped
		if err != nil {
			return 0, err
		}
	}
	n, err := s.body.Read(p)
	s.read += int64(n)
	s.want = s.read
	return n, err
}
