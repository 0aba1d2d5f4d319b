package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/cenkalti/backoff/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// function is Lambda as far as this way needs it: what it is sent is rendered, if at all, by answer.
type function struct {
	answer func(w http.ResponseWriter, change event.Change)
	waits  bool // it is invoked synchronously

	mu   sync.Mutex
	sent []event.Change
}

func (f *function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	envelope, err := event.Parse(body)
	kind := map[bool]string{false: "Event", true: "RequestResponse"}[f.waits]
	if err != nil || r.URL.Path != "/2015-03-31/functions/presize-resize/invocations" || r.Header.Get("X-Amz-Invocation-Type") != kind {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	change := envelope.Records[0].Changes[0]
	f.mu.Lock()
	f.sent = append(f.sent, change)
	f.mu.Unlock()
	f.answer(w, change)
}

func newLambda(t *testing.T, bucket *store.Memory, answer func(http.ResponseWriter, event.Change)) (*engine.Lambda, *function) {
	t.Helper()
	f := &function{answer: answer}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client := lambda.New(lambda.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	return &engine.Lambda{
		Client: client, Function: "presize-resize", Config: config(t, twoPresets), Bucket: "photos",
		Originals: bucket, Variants: bucket, Wait: 100 * time.Millisecond, Meter: &engine.Meter{},
		Poll: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Millisecond) },
	}, f
}

// render does what the function does.
func render(t *testing.T, bucket *store.Memory, change event.Change) {
	t.Helper()
	result, err := engine.NewHere(config(t, twoPresets), "photos", bucket, bucket, 2).Do(
		context.Background(), engine.Item{Key: change.Key, Presets: change.Presets, Look: change.Stale})
	if err != nil || result.Err != nil {
		t.Errorf("rendering %q: %v, %v", change.Key, err, result.Err)
	}
}

func TestLambda(t *testing.T) {
	bucket := store.NewMemory()
	etag, _ := bucket.Put(t.Context(), "originals/a b.jpg", store.Object{Body: photo(t, 100, 80)})
	accept := func(w http.ResponseWriter, change event.Change) {
		w.WriteHeader(http.StatusAccepted)
		render(t, bucket, change)
	}
	way, f := newLambda(t, bucket, accept)
	way.Each = func(engine.Item) price.Usage { return price.Usage{LambdaMs: 40} }

	result, err := way.Do(t.Context(), engine.Item{Key: "originals/a b.jpg", ETag: etag, Size: 7, Presets: []string{"small"}})
	if err != nil || result.Outcome != report.Done || result.Variants != 1 || result.Bytes == 0 {
		t.Errorf("one preset: %+v, %v", result, err)
	}
	result, err = way.Do(t.Context(), engine.Item{Key: "originals/a b.jpg", Size: -1, Look: true})
	if err != nil || result.Outcome != report.Done || result.Variants != 2 {
		t.Errorf("a key alone: %+v, %v", result, err)
	}
	want := []event.Change{
		{Kind: event.Created, Name: "ObjectCreated:Put", Bucket: "photos", Key: "originals/a b.jpg", ETag: etag, Size: 7, Presets: []string{"small"}},
		{Kind: event.Created, Name: "ObjectCreated:Put", Bucket: "photos", Key: "originals/a b.jpg", Size: -1, Stale: true},
	}
	if diff := cmp.Diff(want, f.sent); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if use := way.Meter.Usage(); use.Invokes != 2 || use.LambdaMs != 80 {
		t.Errorf("usage: %+v", use)
	}
}

func TestLambdaOutcomes(t *testing.T) {
	refuse := func(status int, code string) func(*testing.T, *store.Memory, http.ResponseWriter, event.Change) {
		return func(_ *testing.T, _ *store.Memory, w http.ResponseWriter, _ event.Change) {
			w.Header().Set("X-Amzn-Errortype", code)
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]string{"Message": "it says"})
		}
	}
	for name, c := range map[string]struct {
		answer    func(*testing.T, *store.Memory, http.ResponseWriter, event.Change)
		outcome   report.Outcome
		reason    string
		says      string
		fatal     bool
		throttled bool
	}{
		"never appears": {func(_ *testing.T, _ *store.Memory, w http.ResponseWriter, _ event.Change) {
			w.WriteHeader(http.StatusAccepted)
		}, report.Failed, engine.NotSeen, "small, thumbnail did not appear within 100ms", false, false},
		"one preset alone": {func(t *testing.T, b *store.Memory, w http.ResponseWriter, change event.Change) {
			change.Presets = []string{"small"}
			render(t, b, change)
			w.WriteHeader(http.StatusAccepted)
		}, report.Failed, engine.NotSeen, "thumbnail did not appear", false, false},
		"deleted": {func(t *testing.T, b *store.Memory, w http.ResponseWriter, change event.Change) {
			_ = b.Delete(t.Context(), change.Key)
			w.WriteHeader(http.StatusAccepted)
		}, report.Gone, "deleted", "", false, false},
		"overwritten": {func(t *testing.T, b *store.Memory, w http.ResponseWriter, change event.Change) {
			_, _ = b.Put(t.Context(), change.Key, store.Object{Body: photo(t, 90, 90)})
			render(t, b, change)
			w.WriteHeader(http.StatusAccepted)
		}, report.Done, "", "", false, false},
		"throttled":     {refuse(http.StatusTooManyRequests, "TooManyRequestsException"), report.Retry, "not-invoked", "it says", false, true},
		"Lambda's 500":  {refuse(http.StatusInternalServerError, "ServiceException"), report.Retry, "not-invoked", "it says", false, false},
		"no function":   {refuse(http.StatusNotFound, "ResourceNotFoundException"), "", "", "", true, false},
		"not allowed":   {refuse(http.StatusForbidden, "AccessDeniedException"), "", "", "", true, false},
		"wrong request": {refuse(http.StatusBadRequest, "InvalidParameterValueException"), "", "", "", true, false},
		"answers 200": {func(_ *testing.T, _ *store.Memory, w http.ResponseWriter, _ event.Change) {
			w.WriteHeader(http.StatusOK)
		}, report.Retry, "not-invoked", "answered 200", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			bucket := store.NewMemory()
			etag, _ := bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: photo(t, 100, 80)})
			way, _ := newLambda(t, bucket, func(w http.ResponseWriter, change event.Change) { c.answer(t, bucket, w, change) })
			result, err := way.Do(t.Context(), engine.Item{Key: "originals/a.jpg", ETag: etag})
			if (err != nil) != c.fatal || result.Outcome != c.outcome || result.Reason != c.reason {
				t.Fatalf("%+v, %v", result, err)
			}
			if store.Throttled(result.Err) != c.throttled {
				t.Errorf("throttled: %v", !c.throttled)
			}
			if c.says != "" && !strings.Contains(result.Err.Error(), c.says) {
				t.Errorf("error %q, want %q", result.Err, c.says)
			}
		})
	}
}

// An original that is not waited for is done when Lambda has taken its event; a cancelled wait is another try's.
func TestLambdaWait(t *testing.T) {
	accept := func(w http.ResponseWriter, _ event.Change) { w.WriteHeader(http.StatusAccepted) }
	way, _ := newLambda(t, store.NewMemory(), accept)
	way.Wait = 0
	if result, err := way.Do(t.Context(), engine.Item{Key: "originals/a.jpg", ETag: "e"}); err != nil || result.Outcome != report.Done {
		t.Errorf("%+v, %v", result, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	way, _ = newLambda(t, store.NewMemory(), func(w http.ResponseWriter, _ event.Change) {
		w.WriteHeader(http.StatusAccepted)
		time.AfterFunc(10*time.Millisecond, cancel)
	})
	way.Wait = time.Hour
	if result, err := way.Do(ctx, engine.Item{Key: "originals/a.jpg", ETag: "e"}); err != nil || result.Outcome != report.Retry || !errors.Is(result.Err, context.Canceled) {
		t.Errorf("%+v, %v", result, err)
	}
}
