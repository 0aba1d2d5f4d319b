package store_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/presize/presize/functions/pipeline/store"
)

// request is what the stand-in for S3 was asked.
type request struct {
	method, path, query, body string
	header                    http.Header
}

// server answers as each case says and remembers what it was asked.
type server struct {
	mu       sync.Mutex
	requests []request
	url      string
}

// serve starts a stand-in for S3 and opens the bucket "photos" of it, without a retry by the SDK.
func serve(t *testing.T, answer func(w http.ResponseWriter, r request)) (*store.S3, *server) {
	t.Helper()
	s := &server{}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: %v", err)
		}
		asked := request{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header}
		s.mu.Lock()
		s.requests = append(s.requests, asked)
		s.mu.Unlock()
		answer(w, asked)
	}))
	s.url = listener.URL
	t.Cleanup(listener.Close)
	isolate(t)
	client, err := store.Connect(t.Context(), store.Options{
		Endpoint: listener.URL, UsePathStyle: true, MaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return store.NewS3(client, "photos"), s
}

// isolate keeps the machine's own AWS settings out.
func isolate(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, filepath.Join(t.TempDir(), "none"))
	}
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"} {
		t.Setenv(name, "")
	}
}

// fail answers with S3's XML for an error.
func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if code != "" {
		_, _ = fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>it says</Message></Error>`, code)
	}
}
