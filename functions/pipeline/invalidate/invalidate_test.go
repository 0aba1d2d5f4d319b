package invalidate_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/invalidate"
)

// server is CloudFront. It answers with the errors in its list, one after the other, and then with success.
type server struct {
	mu       sync.Mutex
	errors   []string // codes
	endless  bool     // the last one stays
	requests []batch
}

type batch struct {
	CallerReference string
	Quantity        int      `xml:"Paths>Quantity"`
	Paths           []string `xml:"Paths>Items>Path"`
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b batch
	body, _ := io.ReadAll(r.Body)
	if err := xml.Unmarshal(body, &b); err != nil || r.Method != http.MethodPost || r.URL.Path != "/2020-05-31/distribution/E2EXAMPLE/invalidation" {
		http.Error(w, fmt.Sprint(r.Method, r.URL, err), http.StatusTeapot)
		return
	}
	s.requests = append(s.requests, b)
	w.Header().Set("Content-Type", "text/xml")
	if len(s.errors) == 0 {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>`)
		return
	}
	code := s.errors[0]
	if !s.endless || len(s.errors) > 1 {
		s.errors = s.errors[1:]
	}
	w.WriteHeader(map[string]int{"AccessDenied": 403, "NoSuchDistribution": 404, "InternalFailure": 500}[code] + 400*btoi(code != "AccessDenied" && code != "NoSuchDistribution" && code != "InternalFailure"))
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>the message</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func start(t *testing.T, s *server) *invalidate.Invalidator {
	t.Helper()
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	client := cloudfront.NewFromConfig(aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), BaseEndpoint: &listener.URL,
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff, o.MaxAttempts = time.Millisecond, 2 })
		},
	})
	i, err := invalidate.New(client, "E2EXAMPLE", "resized/")
	if err != nil {
		t.Fatal(err)
	}
	i.Hurry()
	return i
}

func TestInvalidate(t *testing.T) {
	s := &server{}
	i := start(t, s)
	keys := []string{"resized/small/b c.jpg", "resized/small/é.jpg", "resized/small/a.jpg", "resized/small/a.jpg"}
	for range 2 {
		if err := i.Invalidate(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"/resized/small/a.jpg", "/resized/small/b%20c.jpg", "/resized/small/%C3%A9.jpg"}
	for _, b := range s.requests {
		if diff := cmp.Diff(want, b.Paths); diff != "" || b.Quantity != 3 {
			t.Error(diff, b.Quantity)
		}
	}
	if len(s.requests) != 2 || s.requests[0].CallerReference == s.requests[1].CallerReference {
		t.Errorf("the second invalidation would have been the first: %+v", s.requests)
	}
}

func TestInvalidateNothing(t *testing.T) {
	s := &server{}
	if err := start(t, s).Invalidate(t.Context(), nil); err != nil {
		t.Error(err)
	}
	off, err := invalidate.New(nil, "", "resized/")
	if err != nil {
		t.Fatal(err)
	}
	if err := off.Invalidate(t.Context(), []string{"resized/small/a.jpg"}); err != nil || len(s.requests) > 0 {
		t.Error(err, s.requests)
	}
}

func TestInvalidateRefusesOtherPrefixes(t *testing.T) {
	s := &server{}
	i := start(t, s)
	for _, key := range []string{"originals/a.jpg", "", "resized", "/resized/a.jpg"} {
		if err := i.Invalidate(t.Context(), []string{"resized/small/a.jpg", key}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", key)) {
			t.Errorf("%q: %v", key, err)
		}
	}
	if len(s.requests) > 0 {
		t.Error(s.requests)
	}
	for _, prefix := range []string{"", "resized"} {
		if _, err := invalidate.New(nil, "E", prefix); err == nil {
			t.Errorf("New takes the prefix %q", prefix)
		}
	}
}

// TestInvalidateWaits: too much in progress, and throttling, are waited out, by one invalidation and not several.
func TestInvalidateWaits(t *testing.T) {
	s := &server{errors: []string{"TooManyInvalidationsInProgress", "Throttling", "ThrottlingException", "Throttling", "TooManyInvalidationsInProgress", "InternalFailure"}}
	if err := start(t, s).Invalidate(t.Context(), []string{"resized/small/a.jpg"}); err != nil {
		t.Fatal(err)
	}
	if len(s.requests) != 7 {
		t.Errorf("%d requests", len(s.requests))
	}
	for _, b := range s.requests {
		if b.CallerReference != s.requests[0].CallerReference {
			t.Error("a retry that CloudFront takes for another invalidation")
		}
	}
}

func TestInvalidateGivesUpInTime(t *testing.T) {
	for _, code := range []string{"TooManyInvalidationsInProgress", "Throttling"} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		err := start(t, &server{errors: []string{code}, endless: true}).Invalidate(ctx, []string{"resized/small/a.jpg"})
		cancel()
		if !errors.Is(err, invalidate.ErrBusy) || !strings.Contains(err.Error(), "E2EXAMPLE") {
			t.Errorf("%s: %v", code, err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(20*time.Millisecond, func() { cancel(stopped) })
	err := start(t, &server{errors: []string{"TooManyInvalidationsInProgress"}, endless: true}).Invalidate(ctx, []string{"resized/small/a.jpg"})
	if !errors.Is(err, stopped) && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestInvalidateErrors(t *testing.T) {
	for code, want := range map[string]struct {
		err  error
		text string
	}{
		"AccessDenied":       {invalidate.ErrDenied, "cloudfront:CreateInvalidation"},
		"NoSuchDistribution": {invalidate.ErrNotFound, "E2EXAMPLE"},
	} {
		s := &server{errors: []string{code}, endless: true}
		err := start(t, s).Invalidate(t.Context(), []string{"resized/small/a.jpg"})
		if !errors.Is(err, want.err) || !strings.Contains(err.Error(), want.text) || len(s.requests) != 1 {
			t.Errorf("%s: %v after %d requests", code, err, len(s.requests))
		}
	}
	err := start(t, &server{errors: []string{"InvalidArgument"}, endless: true}).Invalidate(t.Context(), []string{"resized/small/a.jpg"})
	if err == nil || errors.Is(err, invalidate.ErrBusy) || errors.Is(err, invalidate.ErrDenied) {
		t.Error(err)
	}
}

// TestInvalidateFallsBack: when CloudFront finds fault with a key's plain form, the encoded one goes alone.
func TestInvalidateFallsBack(t *testing.T) {
	s := &server{errors: []string{"InvalidArgument"}}
	if err := start(t, s).Invalidate(t.Context(), []string{"resized/small/a@b.jpg"}); err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"/resized/small/a%40b.jpg", "/resized/small/a@b.jpg"}, {"/resized/small/a%40b.jpg"}}
	var got [][]string
	for _, b := range s.requests {
		got = append(got, b.Paths)
	}
	if diff := cmp.Diff(want, got); diff != "" || s.requests[0].CallerReference == s.requests[1].CallerReference {
		t.Error(diff)
	}
}

func TestInvalidateCoalesces(t *testing.T) {
	s := &server{}
	i := start(t, s)
	var keys []string
	for n := range 500 {
		for _, p := range []string{"small", "medium", "large", "thumbnail"} {
			keys = append(keys, fmt.Sprintf("resized/%s/users/42/%d.jpg", p, n))
		}
	}
	if err := i.Invalidate(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	want := []string{"/resized/large/users/42/*", "/resized/medium/users/42/*", "/resized/small/users/42/*", "/resized/thumbnail/users/42/*"}
	if len(s.requests) != 1 || !slices.Equal(s.requests[0].Paths, want) {
		t.Errorf("%+v", s.requests)
	}
}
