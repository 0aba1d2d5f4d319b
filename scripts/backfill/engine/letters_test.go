package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/engine/queuetest"
)

// replay is a Replayer that a test plays.
type replay func(ctx context.Context, letter engine.Letter, change event.Change) engine.Result

func (r replay) Replay(ctx context.Context, letter engine.Letter) ([]engine.Result, error) {
	var results []engine.Result
	for _, change := range letter.Changes {
		results = append(results, r(ctx, letter, change))
	}
	return results, nil
}

func newLetters(t *testing.T, q *queuetest.Queue, by engine.Replayer) *engine.DeadLetters {
	t.Helper()
	return &engine.DeadLetters{
		Queue: sqs.New(sqs.Options{
			Region: "eu-central-1", BaseEndpoint: &q.Endpoint, RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		}),
		URL: q.URL, Bucket: "photos", Replayer: by, Limit: engine.NewLimit(4), Tally: &engine.Tally{},
		Failures: &engine.Failures{Path: filepath.Join(t.TempDir(), "failures.jsonl")},
	}
}

func notification(t *testing.T, changes ...event.Change) string {
	t.Helper()
	for i := range changes {
		if changes[i].Bucket == "" {
			changes[i].Bucket = "photos"
		}
		if changes[i].Kind == 0 {
			changes[i].Kind = event.Created
		}
	}
	body, err := event.S3Notification(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// givenUp is what Lambda sends to its destination.
func givenUp(payload string) string {
	return `{"version":"1.0","requestContext":{"condition":"RetriesExhausted"},"requestPayload":` + payload + `}`
}

func TestDeadLetters(t *testing.T) {
	q := queuetest.New(t)
	q.Send(notification(t, event.Change{Key: "done", ETag: "e"}))
	q.Send(givenUp(notification(t, event.Change{Key: "failed", ETag: "e"})))
	transient := q.Send(notification(t, event.Change{Key: "transient"}))
	both := q.Send(notification(t, event.Change{Key: "failed"}, event.Change{Key: "transient"}))
	q.Send(notification(t, event.Change{Kind: event.Removed, Key: "removed"}))
	hello := q.Send("hello")
	other := q.Send(notification(t, event.Change{Bucket: "others", Key: "done"}, event.Change{Key: "done"}))
	job := q.Send(`{"invocationSchemaVersion":"2.0","invocationId":"i","job":{"id":"j"},"tasks":[{"taskId":"t","s3Key":"k","s3Bucket":"photos"}]}`)
	q.Send(`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}`)
	var mu sync.Mutex
	seen := map[string]int{}
	letters := newLetters(t, q, replay(func(_ context.Context, _ engine.Letter, change event.Change) engine.Result {
		mu.Lock()
		seen[change.Key]++
		mu.Unlock()
		return map[string]engine.Result{
			"done": {Outcome: report.Done, Variants: 2}, "failed": {Outcome: report.Failed, Reason: "corrupt", Err: errors.New("broken")},
			"transient": {Outcome: report.Retry, Reason: "transient", Err: errors.New("503")}, "removed": {Outcome: report.Removed},
		}[change.Key]
	}))
	became, err := letters.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var stays []string
	for _, m := range became.Named {
		stays = append(stays, m.ID)
	}
	slices.Sort(stays)
	became.Named = nil
	if diff := cmp.Diff(engine.Letters{Deleted: 4, Kept: 2, Unreadable: 3}, became); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	want := []string{transient, both, hello, other, job}
	slices.Sort(want)
	left, visible := q.Left()
	if diff := cmp.Diff(want, stays); diff != "" || len(left) != len(want) || visible != len(want) {
		t.Errorf("what stays (-want +got):\n%s%d are left, %d visible", diff, len(left), visible)
	}
	if diff := cmp.Diff(map[string]int{"done": 2, "failed": 2, "transient": 2, "removed": 1}, seen); diff != "" {
		t.Errorf("replayed (-want +got):\n%s", diff)
	}
	counts := engine.Counts{Done: 2, Failed: 2, Removed: 1, Variants: 4, Reasons: map[string]int64{"corrupt": 2}}
	if diff := cmp.Diff(counts, letters.Tally.Now(), cmpopts.IgnoreFields(engine.Counts{}, "Took")); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	for failure, err := range engine.ReadFailures(letters.Failures.Path) {
		if err != nil || failure.Original != "failed" || failure.Reason != "corrupt" || failure.Error != "broken" {
			t.Errorf("failure %+v, %v", failure, err)
		}
	}
	if polls := q.Polls(); polls[0] != 20 {
		t.Errorf("waits of %v s", polls)
	}
}

// A message in work is hidden for as long as that takes.
func TestDeadLettersHide(t *testing.T) {
	q := queuetest.New(t)
	q.Send(notification(t, event.Change{Key: "slow"}))
	hidden := make(chan int, 10)
	q.OnCall = func(call string, m *queuetest.Message, seconds int) {
		if call == "ChangeMessageVisibility" {
			hidden <- seconds
		}
	}
	letters := newLetters(t, q, replay(func(context.Context, engine.Letter, event.Change) engine.Result {
		for range 2 {
			if seconds := <-hidden; seconds != 1 {
				t.Errorf("hidden for %d s", seconds)
			}
		}
		return engine.Result{Outcome: report.Done}
	}))
	letters.Hide = time.Second
	if became, err := letters.Do(t.Context()); err != nil || became.Deleted != 1 {
		t.Errorf("%+v, %v", became, err)
	}
}

// A message that comes twice is replayed once while it is in work, and never kept for coming twice.
func TestDeadLettersTwice(t *testing.T) {
	q := queuetest.New(t)
	q.Twice = true
	for range 5 {
		q.Send(notification(t, event.Change{Key: "done"}))
		q.Send(notification(t, event.Change{Key: "again"}))
	}
	letters := newLetters(t, q, replay(func(_ context.Context, _ engine.Letter, change event.Change) engine.Result {
		if change.Key == "again" {
			return engine.Result{Outcome: report.Retry, Err: errors.New("503")}
		}
		return engine.Result{Outcome: report.Done}
	}))
	became, err := letters.Do(t.Context())
	left, visible := q.Left()
	if err != nil || became.Deleted < 5 || became.Kept != 5 || len(left) != 5 || visible != 5 {
		t.Errorf("%+v, %v; %d left, %d visible", became, err, len(left), visible)
	}
}

func TestDeadLettersEnd(t *testing.T) {
	broken := errors.New("no such function")
	for name, c := range map[string]struct {
		alter  func(*engine.DeadLetters, *queuetest.Queue, chan struct{})
		result engine.Result
		want   error
	}{
		"stopped": {func(d *engine.DeadLetters, _ *queuetest.Queue, stop chan struct{}) {
			var once sync.Once
			d.Replayer = replay(func(ctx context.Context, _ engine.Letter, _ event.Change) engine.Result {
				once.Do(func() { close(stop) })
				if ctx.Err() != nil {
					t.Error("what is in flight does not end")
				}
				time.Sleep(5 * time.Millisecond)
				return engine.Result{Outcome: report.Done}
			})
		}, engine.Result{}, engine.ErrStopped},
		"refused": {nil, engine.Result{Outcome: report.Retry, Reason: "access-denied", Err: store.ErrDenied}, engine.ErrRefused},
		"by what it costs": {func(d *engine.DeadLetters, _ *queuetest.Queue, _ chan struct{}) {
			d.Spend = func(int) error {
				if d.Tally.Now().Done > 10 {
					return broken
				}
				return nil
			}
		}, engine.Result{Outcome: report.Done}, broken},
		"by the failures": {func(d *engine.DeadLetters, _ *queuetest.Queue, _ chan struct{}) { d.Failures.Path += "/no/folder" },
			engine.Result{Outcome: report.Failed}, errAny},
		"not deleted": {func(_ *engine.DeadLetters, q *queuetest.Queue, _ chan struct{}) {
			q.Fail = func(call string) string { return map[string]string{"DeleteMessage": "AccessDenied"}[call] }
		}, engine.Result{Outcome: report.Done}, errAny},
		"no queue": {func(_ *engine.DeadLetters, q *queuetest.Queue, _ chan struct{}) { q.URL += "x" }, engine.Result{}, errAny},
	} {
		t.Run(name, func(t *testing.T) {
			q := queuetest.New(t)
			for range 100 {
				q.Send(notification(t, event.Change{Key: "one"}))
			}
			letters := newLetters(t, q, replay(func(context.Context, engine.Letter, event.Change) engine.Result { return c.result }))
			stop := make(chan struct{})
			letters.Stop = stop
			if c.alter != nil {
				c.alter(letters, q, stop)
			}
			became, err := letters.Do(t.Context())
			left, visible := q.Left()
			if err == nil || !errors.Is(err, c.want) && !errors.Is(c.want, errAny) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if int(became.Deleted)+len(left) != 100 || len(left) == 0 || visible < len(left)-4-10 /* in flight; received when the call was given up */ {
				t.Errorf("%+v; %d left, %d visible", became, len(left), visible)
			}
		})
	}
}

var errAny = errors.New("any")

// Removed originals lose their variants, and created ones get them, whatever the message says of them.
func TestDeadLettersHere(t *testing.T) {
	bucket := store.NewMemory()
	c := config(t, twoPresets)
	here := engine.NewHere(c, "photos", bucket, bucket, 2)
	for _, key := range []string{"originals/a.jpg", "originals/b.jpg"} {
		_, _ = bucket.Put(t.Context(), key, store.Object{Body: photo(t, 100, 80)})
	}
	_, _ = bucket.Put(t.Context(), "originals/c.jpg", store.Object{Body: []byte("no image")})
	if _, err := here.Do(t.Context(), engine.Item{Key: "originals/b.jpg"}); err != nil {
		t.Fatal(err)
	}
	_ = bucket.Delete(t.Context(), "originals/b.jpg")
	q := queuetest.New(t)
	q.Send(givenUp(notification(t, event.Change{Key: "originals/a.jpg", Size: 7}, event.Change{Kind: event.Removed, Key: "originals/b.jpg"})))
	q.Send(notification(t, event.Change{Key: "originals/c.jpg"}))
	q.Send(notification(t, event.Change{Key: "elsewhere/c.jpg"}))
	letters := newLetters(t, q, here)
	became, err := letters.Do(t.Context())
	if err != nil || became.Deleted != 3 {
		t.Fatalf("%+v, %v", became, err)
	}
	now := letters.Tally.Now()
	if now.Done != 1 || now.Removed != 1 || now.Failed != 1 || now.Skipped != 1 || now.Variants != 2 {
		t.Errorf("counts: %+v", now)
	}
	for key, want := range map[string]bool{
		"resized/small/a.jpg": true, "resized/small/b.jpg": false, "resized/manifest/b.jpg.json": false, "resized/failed/c.jpg.json": true,
	} {
		if _, err := bucket.Head(t.Context(), key); (err == nil) != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// The function is invoked with the very event, and its answer waited for.
func TestDeadLettersLambda(t *testing.T) {
	bucket := store.NewMemory()
	way, f := newLambda(t, bucket, nil)
	f.waits = true
	f.answer = func(w http.ResponseWriter, change event.Change) {
		switch change.Key {
		case "originals/transient.jpg":
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			_ = json.NewEncoder(w).Encode(map[string]string{"errorMessage": "503 SlowDown"})
		case "originals/foreign.jpg":
			_, _ = w.Write([]byte("<html>"))
		default:
			_, _ = engine.NewHere(way.Config, "photos", bucket, bucket, 2).Do(t.Context(), engine.Item{Key: change.Key})
			_ = json.NewEncoder(w).Encode(map[string]int{"changes": 1})
		}
	}
	_, _ = bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: photo(t, 100, 80)})
	_, _ = bucket.Put(t.Context(), "originals/c.jpg", store.Object{Body: []byte("no image")})
	q := queuetest.New(t)
	put := notification(t, event.Change{Key: "originals/a.jpg", Size: 7, Sequencer: "0065F2C3AD8A1B2C3D"})
	q.Send(givenUp(put))
	q.Send(notification(t, event.Change{Key: "originals/c.jpg"}))
	q.Send(notification(t, event.Change{Key: "originals/transient.jpg"}))
	q.Send(notification(t, event.Change{Key: "originals/foreign.jpg"}))
	letters := newLetters(t, q, way)
	became, err := letters.Do(t.Context())
	if err != nil || became.Deleted != 2 || became.Kept != 2 {
		t.Fatalf("%+v, %v", became, err)
	}
	if now := letters.Tally.Now(); now.Done != 1 || now.Failed != 1 || now.Reasons["not-an-image"] != 1 {
		t.Errorf("counts: %+v", now)
	}
	if !slices.ContainsFunc(f.sent, func(c event.Change) bool { return c.Sequencer == "0065F2C3AD8A1B2C3D" }) {
		t.Errorf("events: %+v", f.sent)
	}
	if use := way.Meter.Usage(); use.Invokes != 4 {
		t.Errorf("usage: %+v", use)
	}
}
