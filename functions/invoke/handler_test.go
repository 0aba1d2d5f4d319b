package invoke_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/invoke"
	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

type fixture struct {
	*invoke.Handler
	bucket  *store.Memory
	reports []report.Original
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	config, err := preset.LoadFile(filepath.Join("..", "..", "presets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{bucket: store.NewMemory()}
	open := func(string) store.Objects { return f.bucket }
	f.Handler = &invoke.Handler{
		Log: slog.New(slog.DiscardHandler),
		Pipeline: &pipeline.Pipeline{
			Config: config, Source: open, Target: open, Workers: 1,
			Report: func(_ context.Context, original report.Original) { f.reports = append(f.reports, original) },
		},
	}
	return f
}

func (f *fixture) put(t *testing.T, keys ...string) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if _, err := f.bucket.Put(context.Background(), key, store.Object{Body: b.Bytes()}); err != nil {
			t.Fatal(err)
		}
	}
}

func notification(t *testing.T, keys ...string) string {
	t.Helper()
	var changes []event.Change
	for _, key := range keys {
		changes = append(changes, event.Change{Kind: event.Created, Name: "ObjectCreated:Put", Bucket: "photos", Key: key})
	}
	payload, err := event.S3Notification(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return string(payload)
}

func queue(t *testing.T, bodies ...string) json.RawMessage {
	t.Helper()
	var batch events.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{
			MessageId: string(rune('a' + i)), Body: body, EventSource: "aws:sqs",
		})
	}
	payload, err := json.Marshal(batch)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func outcomes(reports []report.Original) []string {
	found := []string{}
	for _, r := range reports {
		found = append(found, strings.TrimSpace(string(r.Outcome)+" "+r.Reason+" "+r.Key))
	}
	return found
}

func TestHandleDirect(t *testing.T) {
	tests := map[string]struct {
		payload  string
		answer   invoke.Summary
		outcomes []string
	}{
		"two originals, one of them text, and a variant": {
			notification(t, "originals/a.jpg", "originals/text.jpg", "resized/small/a.jpg"),
			invoke.Summary{Changes: 3},
			[]string{"done  originals/a.jpg", "failed not-an-image originals/text.jpg", "skipped inside-resized resized/small/a.jpg"},
		},
		"test event":   {`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}`, invoke.Summary{Skipped: 1}, []string{}},
		"not JSON":     {`{"Records": [`, invoke.Summary{Malformed: 1}, []string{"failed malformed-event"}},
		"not an event": {`{"hello": "world"}`, invoke.Summary{Malformed: 1}, []string{"failed malformed-event"}},
		"a record without a bucket, then a good one": {
			strings.Replace(notification(t, "originals/b.jpg", "originals/a.jpg"), `"name":"photos"`, `"name":""`, 1),
			invoke.Summary{Changes: 1, Malformed: 1},
			[]string{"failed malformed-event", "done  originals/a.jpg"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.put(t, "originals/a.jpg")
			if _, err := f.bucket.Put(context.Background(), "originals/text.jpg", store.Object{Body: []byte("text")}); err != nil {
				t.Fatal(err)
			}
			answer, err := f.Handle(context.Background(), json.RawMessage(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any(test.answer), answer); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.outcomes, outcomes(f.reports)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// What a retry may mend is an error of the invocation; the records behind it are done all the same.
func TestHandleDirectTransient(t *testing.T) {
	slow := errors.New("503 SlowDown")
	f := newFixture(t)
	f.put(t, "originals/a.jpg", "originals/b.jpg")
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Keys[0] == "originals/a.jpg" {
			return slow
		}
		return nil
	})
	_, err := f.Handle(context.Background(), json.RawMessage(notification(t, "originals/a.jpg", "originals/b.jpg")))
	if !errors.Is(err, slow) {
		t.Errorf("%v; want %v", err, slow)
	}
	want := []string{"retry transient originals/a.jpg", "done  originals/b.jpg"}
	if diff := cmp.Diff(want, outcomes(f.reports)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// Of an SQS batch only what a retry may mend is delivered again.
func TestHandleQueue(t *testing.T) {
	f := newFixture(t)
	f.put(t, "originals/a.jpg", "originals/b.jpg", "originals/c.jpg")
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Keys[0] == "originals/b.jpg" {
			return errors.New("503 SlowDown")
		}
		return nil
	})
	answer, err := f.Handle(context.Background(), queue(t,
		notification(t, "originals/a.jpg"), "not JSON", notification(t, "originals/b.jpg"), notification(t, "originals/c.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	want := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: "c"}}}
	if diff := cmp.Diff(any(want), answer); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// Shortly before the function's timeout the rest of a batch is given back.
func TestHandleDeadline(t *testing.T) {
	f := newFixture(t)
	f.Margin = time.Hour
	f.put(t, "originals/a.jpg")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	answer, err := f.Handle(ctx, queue(t, notification(t, "originals/a.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	if got := answer.(events.SQSEventResponse).BatchItemFailures; len(got) != 1 {
		t.Errorf("given back: %v; want the message", got)
	}
	if got := f.reports[0]; got.Reason != "deadline" || !errors.Is(got.Err, pipeline.ErrDeadline) {
		t.Errorf("%s, %v; want deadline", got.Reason, got.Err)
	}
}
