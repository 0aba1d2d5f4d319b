package cdn

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// Objects is what the front reads.
type Objects interface {
	// Open returns store.ErrNotFound when the key does not exist.
	Open(ctx context.Context, key string) (store.Info, io.ReadCloser, error)
}

// missing is how long browsers keep an answer without an object: a variant that is asked for too early appears soon. The
// front itself keeps none.
const missing = "public, max-age=5"

// Front serves the objects whose keys begin with a prefix at the path "/" + key, and keeps copies as CloudFront does: for as
// long as their Cache-Control says, until they are invalidated. Records of failures are served to nobody.
type Front struct {
	objects Objects
	config  *preset.Config
	cache   *cache
	ledger  ledger
	now     func() time.Time
}

// New makes a front without copies.
func New(objects Objects, config *preset.Config) *Front {
	return &Front{objects: objects, config: config, cache: newCache(maxCache), now: time.Now}
}

// Path is the path of a key's URL, as manifests have it.
func Path(key string) string { return "/" + preset.URLPath(key) }

// ServeHTTP answers a viewer.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Age, ETag, X-Cache")
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
		refuse(w, http.StatusForbidden, "only variants and manifests are public")
		return
	}
	f.serve(w, r, address{r.URL.Path, version(r.URL.RawQuery)})
}

// serves says whether the key is below the prefix, one that climbs nowhere, and not that of a record of a failure.
func (f *Front) serves(key string) bool {
	if !strings.HasPrefix(key, f.config.Resized) || strings.HasSuffix(key, "/") || !utf8.ValidString(key) {
		return false
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return !strings.HasPrefix(key, f.config.Resized+string(preset.FailedRecord)+"/")
}

func refuse(w http.ResponseWriter, status int, text string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", missing)
	header.Set("X-Cache", "Error from cloudfront")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // a client that cannot be written to is gone
}
