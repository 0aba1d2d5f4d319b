package cdn

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

// What X-Cache says.
const (
	hit        = "Hit from cloudfront"
	refreshHit = "RefreshHit from cloudfront" // the copy was too old, and still right
	miss       = "Miss from cloudfront"
)

// serve answers with a fresh copy, or with the object, of which a copy is kept if its Cache-Control allows.
func (f *Front) serve(w http.ResponseWriter, r *http.Request, at address) {
	kept, epoch := f.cache.get(at)
	now := f.now()
	if kept != nil && now.Before(kept.until) {
		send(w, r, kept.info, bytes.NewReader(kept.body), hit, now.Sub(kept.fetched))
		return
	}
	info, body, err := f.objects.Open(r.Context(), strings.TrimPrefix(at.path, "/"))
	if err != nil {
		f.refuse(w, r, at, err)
		return
	}
	defer func() { _ = body.Close() }()
	until := now.Add(lifetime(info.CacheControl))
	if !until.After(now) || info.Size > maxCopy {
		send(w, r, info, &seeker{body: body, size: info.Size}, miss, 0)
		return
	}
	outcome := miss
	if kept != nil && kept.info.ETag == info.ETag {
		outcome = refreshHit
	}
	content, err := io.ReadAll(io.LimitReader(body, maxCopy))
	if err != nil || int64(len(content)) != info.Size {
		f.refuse(w, r, at, errors.Join(err, io.ErrUnexpectedEOF))
		return
	}
	f.cache.put(&copied{at: at, info: info, body: content, fetched: now, until: until}, epoch)
	send(w, r, info, bytes.NewReader(content), outcome, 0)
}

// refuse says what became of a request for an object that could not be opened.
func (f *Front) refuse(w http.ResponseWriter, r *http.Request, at address, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrInvalid):
		f.cache.remove(at)
		refuse(w, http.StatusNotFound, "no such variant")
	case errors.Is(r.Context().Err(), context.Canceled):
	default:
		slog.ErrorContext(r.Context(), "variant not served", "variant", at.path, "error", err)
		refuse(w, http.StatusBadGateway, "the bucket did not answer")
	}
}

// send answers with an object, conditions and ranges heeded.
func send(w http.ResponseWriter, r *http.Request, info store.Info, body io.ReadSeeker, outcome string, age time.Duration) {
	header := w.Header()
	header.Set("Content-Type", info.ContentType)
	header.Set("ETag", `"`+info.ETag+`"`)
	header.Set("X-Cache", outcome)
	if info.CacheControl != "" {
		header.Set("Cache-Control", info.CacheControl)
	}
	if outcome == hit {
		header.Set("Age", strconv.Itoa(int(age.Seconds())))
	}
	http.ServeContent(w, r, "", info.LastModified, body)
}
