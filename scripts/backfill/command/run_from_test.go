package command_test

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine/queuetest"
)

// body is what stands at a key.
func (s *server) body(t *testing.T, key string) []byte {
	t.Helper()
	_, body, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fail makes an original that cannot be rendered.
func (s *server) fail(t *testing.T, key string) {
	t.Helper()
	if _, err := s.Put(t.Context(), key, store.Object{Body: []byte("no image")}); err != nil {
		t.Fatal(err)
	}
}

func TestRunFromFailed(t *testing.T) {
	s := serve(t, 4)
	at := place(t, s)
	photo := s.body(t, "originals/0.jpg")
	expect(t, append(at, "--from", "failed"), 0, "Nothing to do.")
	s.fail(t, "originals/1.jpg")
	s.fail(t, "originals/sub/x.jpg")
	_, _ = s.Put(t.Context(), "originals/empty.jpg", store.Object{})
	expect(t, at, 1, "3 failed: 1 empty, 2 not-an-image")
	if n := s.keys("resized/failed/"); n != 3 {
		t.Fatalf("%d failure records", n)
	}
	failed := append(slices.Clone(at), "--from", "failed")
	expect(t, append(failed, "--dry-run", "--reason", "empty,corrupt"), 0, "1 originals of", "originals/empty.jpg: every preset")
	expect(t, append(failed, "--dry-run", "--prefix", "sub/"), 0, "1 originals of", "originals/sub/x.jpg")
	expect(t, append(failed, "--dry-run", "--match", "*.jpg", "--max-objects", "1"), 0, "1 originals of", "originals/1.jpg")
	for _, key := range []string{"originals/1.jpg", "originals/empty.jpg"} {
		_, _ = s.Put(t.Context(), key, store.Object{Body: photo})
	}
	_ = s.Delete(t.Context(), "originals/sub/x.jpg")
	expect(t, append(failed, "--reason", "not-an-image"), 0, "1 originals rendered, 2 variants written", "1 are gone")
	if n := s.keys("resized/failed/"); n != 1 {
		t.Errorf("%d failure records", n)
	}
	expect(t, failed, 0, "1 originals rendered, 2 variants written")
	expect(t, failed, 0, "Nothing to do.")
}

// A record goes also when the original is as it was, and when there is nothing left to render.
func TestRunFromFailedUnchanged(t *testing.T) {
	s := serve(t, 3)
	at := place(t, s)
	presets := at[slices.Index(at, "--presets")+1]
	text, err := os.ReadFile(presets)
	if err != nil {
		t.Fatal(err)
	}
	limited := string(text) + "limits: {max_pixels: 100}\n"
	if err := os.WriteFile(presets, []byte(limited), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, at, 1, "3 failed: 3 too-many-pixels")
	record := s.body(t, "resized/failed/0.jpg.json")
	there, _ := s.Head(t.Context(), "resized/failed/0.jpg.json")
	if err := os.WriteFile(presets, text, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, append(at, "--from", "failed"), 0, "3 originals rendered, 6 variants written")
	_, _ = s.Put(t.Context(), "resized/failed/0.jpg.json", store.Object{Body: record, Metadata: there.Metadata})
	expect(t, append(at, "--from", "failed"), 0, "1 originals rendered, 0 variants written")
	if n := s.keys("resized/failed/"); n != 0 {
		t.Errorf("%d failure records", n)
	}
}

func TestRunFromQueue(t *testing.T) {
	s := serve(t, 3)
	at := place(t, s)
	q := queuetest.New(t)
	send := func(change event.Change) string {
		change.Bucket = "photos"
		body, err := event.S3Notification(change)
		if err != nil {
			t.Fatal(err)
		}
		return q.Send(`{"version":"1.0","requestContext":{"condition":"RetriesExhausted"},"requestPayload":` + string(body) + `}`)
	}
	expect(t, at, 0, "6 variants written")
	_ = s.Delete(t.Context(), "originals/1.jpg")
	_, _ = s.Put(t.Context(), "originals/new.jpg", store.Object{Body: s.body(t, "originals/0.jpg")})
	s.fail(t, "originals/bad.jpg")
	send(event.Change{Kind: event.Removed, Key: "originals/1.jpg"})
	send(event.Change{Kind: event.Created, Key: "originals/new.jpg"})
	send(event.Change{Kind: event.Created, Key: "originals/bad.jpg"})
	q.Send("hello")
	at = append(at, "--checkpoint", "none")
	from := append(slices.Clone(at), "--from", "dlq://"+q.URL)
	expect(t, append(from, "--dry-run"), 1, "About 4 messages", "originals/1.jpg: removed", "originals/new.jpg: created", "message-4 stays: malformed event", "--dry-run")
	if left, visible := q.Left(); len(left) != 4 || visible != 4 {
		t.Fatalf("%d left, %d visible", len(left), visible)
	}
	expect(t, append(from, "--max-cost", "0.000001"), 1, "nothing was done")
	expect(t, append(at, "--from", "dlq://letters", "--sqs-endpoint-url", q.Endpoint), 1,
		"1 originals rendered, 2 variants written", "1 had been deleted, and their variants are gone now", "1 failed: 1 not-an-image",
		"3 messages were deleted. 0 stay for another try, and 1 because they cannot be replayed.", "message-4 stays: malformed event")
	if left, _ := q.Left(); len(left) != 1 || s.keys("resized/small/1") != 0 || s.keys("resized/small/new") != 1 || s.keys("resized/failed/") != 1 {
		t.Errorf("%d messages are left", len(left))
	}
	if data, err := os.ReadFile(at[slices.Index(at, "--failures")+1]); err != nil || !strings.Contains(string(data), "originals/bad.jpg") {
		t.Errorf("failures: %s, %v", data, err)
	}
	expect(t, append(at, "--from", "dlq://"+q.URL+"s"), 1, "dead_letter_queue_url")
}

func TestRunFromFlags(t *testing.T) {
	queue := "dlq://sqs.eu-central-1.amazonaws.com/123456789012/letters"
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"reason":                {[]string{"--reason", "corrupt"}, "--reason is for --from failed"},
		"sqs":                   {[]string{"--sqs-endpoint-url", "http://127.0.0.1:1"}, "--sqs-endpoint-url is for --from dlq://QUEUE"},
		"failed since":          {[]string{"--from", "failed", "--since", "1h"}, "from the failure records, and --since"},
		"queue and prefix":      {[]string{"--from", queue, "--prefix", "a"}, "from a queue, and --prefix"},
		"queue and preset":      {[]string{"--from", queue, "--preset", "small"}, "from a queue, and --preset"},
		"queue and only":        {[]string{"--from", queue, "--only", "all"}, `--only is "all" with --from`},
		"queue and checkpoint":  {[]string{"--from", queue, "--checkpoint", "x"}, "needs no checkpoint: what is left in the queue is what is left to do"},
		"queue and restart":     {[]string{"--from", queue, "--restart"}, "needs no checkpoint"},
		"queue by batch":        {[]string{"--from", queue, "--via", "batch"}, "--via batch has no use for dead letters"},
		"no queue":              {[]string{"--from", "dlq://"}, "dlq:// and a queue's URL or name is right"},
		"odd queue":             {[]string{"--from", "dlq://ftp://host/a"}, "dlq:// and a queue's URL or name is right"},
		"odd endpoint":          {[]string{"--from", queue, "--sqs-endpoint-url", "host"}, `--sqs-endpoint-url is "host"`},
		"base URL by lambda":    {[]string{"--base-url", "https://a", "--via", "lambda"}, "--base-url is for --via here, and --via is lambda"},
		"base URL":              {[]string{"--base-url", "images"}, `--base-url: base URL is "images"`},
		"distribution by batch": {[]string{"--distribution-id", "E1", "--via", "batch"}, "--distribution-id is for --via here, and --via is batch"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"run", "--bucket", "photos", "--presets", "../../../presets.yaml", "--endpoint-url", serve(t, 0).url}, c.args...)
			expect(t, args, 2, c.want)
		})
	}
}

// Manifests that a run writes have the URLs of those that stand there, or those that it is told.
func TestRunBaseURL(t *testing.T) {
	s := serve(t, 1)
	at := place(t, s)
	has := func(key, url string) {
		t.Helper()
		if text := string(s.body(t, key)); !strings.Contains(text, `"`+url+`?v=`) {
			t.Errorf("no %s in %s", url, text)
		}
	}
	expect(t, append(at, "--base-url", "https://d1.example.net/"), 0, "2 variants written")
	has("resized/manifest/0.jpg.json", "https://d1.example.net/resized/small/0.jpg")
	_, _ = s.Put(t.Context(), "originals/1.jpg", store.Object{Body: s.body(t, "originals/0.jpg")})
	expect(t, at, 0, "begin with https://d1.example.net, as in those that stand there", "2 variants written")
	has("resized/manifest/1.jpg.json", "https://d1.example.net/resized/small/1.jpg")
	_, _ = s.Put(t.Context(), "originals/2.jpg", store.Object{Body: s.body(t, "originals/0.jpg")})
	expect(t, append(at, "--base-url", "/"), 0, "2 variants written")
	has("resized/manifest/2.jpg.json", "/resized/small/2.jpg")
}
