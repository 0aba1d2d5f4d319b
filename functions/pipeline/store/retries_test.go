package store_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/presize/presize/functions/pipeline/store"
)

// Every retry is told of, with whether fewer requests were asked for, and the last failure of all is none.
func TestOnRetry(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		code      string
		throttled bool
		retried   bool
	}{
		"SlowDown":                {http.StatusServiceUnavailable, "SlowDown", true, true},
		"503 without a code":      {http.StatusServiceUnavailable, "", true, true},
		"429 without a code":      {http.StatusTooManyRequests, "", true, true},
		"another server's code":   {http.StatusBadRequest, "RequestLimitExceeded", true, true},
		"internal error":          {http.StatusInternalServerError, "InternalError", false, true},
		"a connection's time out": {http.StatusBadRequest, "RequestTimeout", false, true},
		"denied":                  {http.StatusForbidden, "AccessDenied", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, log := serve(t, func(w http.ResponseWriter, _ request) { fail(w, c.status, c.code) })
			var told []bool
			client, err := store.Connect(t.Context(), store.Options{
				Endpoint: log.url, UsePathStyle: true, MaxAttempts: 3, MaxBackoff: time.Millisecond,
				Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
				OnRetry:     func(throttled bool) { told = append(told, throttled) },
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = store.NewS3(client, "photos").Put(t.Context(), "k", store.Object{})
			want := 0
			if c.retried {
				want = 2
			}
			if err == nil || len(told) != want || len(log.requests) != want+1 {
				t.Fatalf("error %v, told of %d retries, %d requests", err, len(told), len(log.requests))
			}
			for _, throttled := range append(told, store.Throttled(err)) {
				if throttled != c.throttled {
					t.Errorf("throttled: %v", throttled)
				}
			}
		})
	}
	if store.Throttled(nil) {
		t.Error("no error is throttling")
	}
}
