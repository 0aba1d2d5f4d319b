package store_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

func TestS3Errors(t *testing.T) {
	calls := map[string]func(context.Context, *store.S3) error{
		"Head": func(ctx context.Context, s *store.S3) error { _, err := s.Head(ctx, "a b.jpg"); return err },
		"Open": func(ctx context.Context, s *store.S3) error { _, _, err := s.Open(ctx, "a b.jpg"); return err },
		"Put": func(ctx context.Context, s *store.S3) error {
			_, err := s.Put(ctx, "a b.jpg", store.Object{})
			return err
		},
		"PutIfAbsent": func(ctx context.Context, s *store.S3) error {
			_, err := s.PutIfAbsent(ctx, "a b.jpg", store.Object{})
			return err
		},
		"Delete":      func(ctx context.Context, s *store.S3) error { return s.Delete(ctx, "a b.jpg") },
		"Delete of 2": func(ctx context.Context, s *store.S3) error { return s.Delete(ctx, "a b.jpg", "c.jpg") },
		"List": func(ctx context.Context, s *store.S3) error {
			for _, err := range s.List(ctx, "a b", "") {
				return err
			}
			return nil
		},
	}
	for name, c := range map[string]struct {
		call   string
		status int
		code   string
		want   error  // nil: none of the known errors, worth a retry
		says   string // all of its words
	}{
		"head missing":        {"Head", 404, "", store.ErrNotFound, `"a b.jpg" "photos"`},
		"open missing":        {"Open", 404, "NoSuchKey", store.ErrNotFound, `"a b.jpg" "photos"`},
		"head denied":         {"Head", 403, "", store.ErrDenied, `s3:GetObject "a b.jpg" s3:ListBucket "photos" missing`},
		"open denied":         {"Open", 403, "AccessDenied", store.ErrDenied, `s3:GetObject "a b.jpg" s3:ListBucket "photos" missing`},
		"put denied":          {"Put", 403, "AccessDenied", store.ErrDenied, `s3:PutObject "a b.jpg" "photos"`},
		"delete denied":       {"Delete", 403, "AccessDenied", store.ErrDenied, `s3:DeleteObject "a b.jpg"`},
		"batch denied":        {"Delete of 2", 403, "AccessDenied", store.ErrDenied, `s3:DeleteObject "a b.jpg"`},
		"list denied":         {"List", 403, "AccessDenied", store.ErrDenied, `s3:ListBucket "a b" "photos"`},
		"wrong secret":        {"Put", 403, "SignatureDoesNotMatch", store.ErrDenied, `SignatureDoesNotMatch`},
		"clock is wrong":      {"Put", 403, "RequestTimeTooSkewed", nil, `s3:PutObject`},
		"open in no bucket":   {"Open", 404, "NoSuchBucket", store.ErrNoBucket, `"photos"`},
		"put in no bucket":    {"Put", 404, "NoSuchBucket", store.ErrNoBucket, `"photos"`},
		"delete in no bucket": {"Delete", 404, "NoSuchBucket", store.ErrNoBucket, `"photos"`},
		"list in no bucket":   {"List", 404, "NoSuchBucket", store.ErrNoBucket, `"photos"`},
		"other region":        {"Head", 301, "", store.ErrNoBucket, `region`},
		"signed for another":  {"Put", 400, "AuthorizationHeaderMalformed", store.ErrNoBucket, `region`},
		"archived":            {"Open", 403, "InvalidObjectState", store.ErrArchived, `restore "a b.jpg"`},
		"taken":               {"PutIfAbsent", 412, "PreconditionFailed", store.ErrExists, `"a b.jpg" "photos"`},
		"taken, of few words": {"PutIfAbsent", 412, "", store.ErrExists, `"a b.jpg"`},
		"too much metadata":   {"Put", 400, "MetadataTooLarge", store.ErrInvalid, `"a b.jpg"`},
		"slow down":           {"Put", 503, "SlowDown", nil, `s3:PutObject "a b.jpg" "photos" SlowDown`},
		"internal error":      {"List", 500, "InternalError", nil, `InternalError`},
		"conflicts for ever":  {"PutIfAbsent", 409, "ConditionalRequestConflict", nil, `ConditionalRequestConflict "a b.jpg"`},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := serve(t, func(w http.ResponseWriter, _ request) { fail(w, c.status, c.code) })
			err := calls[c.call](t.Context(), s)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || store.Retryable(err) != (c.want == nil) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			for word := range strings.FieldsSeq(strings.ReplaceAll(c.says, "a b", "a\x00b")) {
				if word = strings.ReplaceAll(word, "\x00", " "); !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %s", err, word)
				}
			}
		})
	}
}

func TestS3ConflictIsRetried(t *testing.T) {
	left := 3
	s, log := serve(t, func(w http.ResponseWriter, r request) {
		if r.header.Get("If-None-Match") != "*" || r.body != "body" {
			t.Errorf("asked without a condition or a body: %+v", r)
		}
		if left--; left > 0 {
			fail(w, http.StatusConflict, "ConditionalRequestConflict")
			return
		}
		w.Header().Set("ETag", `"etag"`)
	})
	etag, err := s.PutIfAbsent(t.Context(), "k", store.Object{Body: []byte("body")})
	if err != nil || etag != "etag" || len(log.requests) != 3 {
		t.Errorf("ETag %q, %v after %d requests", etag, err, len(log.requests))
	}
}

func TestS3ConflictEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := serve(t, func(w http.ResponseWriter, _ request) {
		fail(w, http.StatusConflict, "ConditionalRequestConflict")
		time.AfterFunc(time.Millisecond, cancel)
	})
	if _, err := s.PutIfAbsent(ctx, "k", store.Object{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestS3BodyCutShort(t *testing.T) {
	s, _ := serve(t, func(w http.ResponseWriter, _ request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, strings.Repeat("x", 10))
	})
	info, body, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	content, err := io.ReadAll(body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "990 bytes") || len(content) != 10 || info.Size != 1000 {
		t.Errorf("%d of %d bytes, then %v", len(content), info.Size, err)
	}
}

func TestS3BodyEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := serve(t, func(w http.ResponseWriter, _ request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		<-ctx.Done()
	})
	_, body, err := s.Open(ctx, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	cancel()
	if _, err := io.ReadAll(body); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}
