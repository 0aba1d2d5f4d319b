package invoke_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/store"
)

// job is an invocation by S3 Batch Operations, one task for each key.
func job(t *testing.T, schema string, arguments map[string]string, keys ...string) json.RawMessage {
	t.Helper()
	tasks := make([]map[string]any, len(keys))
	for i, key := range keys {
		tasks[i] = map[string]any{"taskId": fmt.Sprint(i + 1), "s3Key": key, "s3VersionId": nil}
		if schema == "1.0" {
			tasks[i]["s3BucketArn"] = "arn:aws:s3:::photos"
		} else {
			tasks[i]["s3Bucket"] = "photos"
		}
	}
	about := map[string]any{"id": "job"}
	if arguments != nil {
		about["userArguments"] = arguments
	}
	payload, err := json.Marshal(map[string]any{"invocationSchemaVersion": schema, "invocationId": "call", "job": about, "tasks": tasks})
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// results are an answer's results in words, and what is wrong with the rest of the answer fails the test.
func results(t *testing.T, schema string, answer any) []string {
	t.Helper()
	response, ok := answer.(events.S3BatchJobResponse)
	if !ok {
		t.Fatalf("the answer is a %T", answer)
	}
	if response.InvocationSchemaVersion != schema || response.InvocationID != "call" || response.TreatMissingKeysAs != "TemporaryFailure" {
		t.Errorf("answer: %+v", response)
	}
	words := []string{}
	for _, r := range response.Results {
		words = append(words, r.TaskID+" "+r.ResultCode+" "+r.ResultString)
	}
	return words
}

// Every task is answered by itself, in both schemas.
func TestHandleBatch(t *testing.T) {
	for _, schema := range []string{"1.0", "2.0"} {
		t.Run(schema, func(t *testing.T) {
			f := newFixture(t)
			f.put(t, "originals/a b+c.jpg", "originals/slow.jpg")
			if _, err := f.bucket.Put(context.Background(), "originals/text.jpg", store.Object{Body: []byte("text")}); err != nil {
				t.Fatal(err)
			}
			f.bucket.Hook(func(_ context.Context, call store.Call) error {
				if call.Keys[0] == "originals/slow.jpg" {
					return errors.New("503 SlowDown")
				}
				return nil
			})
			call := job(t, schema, nil, "originals/a+b%2Bc.jpg", "originals/text.jpg", "originals/slow.jpg", "originals/gone.jpg",
				"resized/small/a.jpg", "originals/%zz.jpg", "originals/a+b%2Bc.jpg")
			answer, err := f.Handle(context.Background(), call)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{
				"1 Succeeded done: 4 variants",
				"2 PermanentFailure not-an-image: ",
				`3 TemporaryFailure transient: look of "originals/slow.jpg": 503 SlowDown`,
				"4 Succeeded gone: deleted",
				"5 Succeeded skipped: inside-resized",
				`6 PermanentFailure malformed-event: found a key with the broken escape "%zz"`,
				"7 Succeeded skipped: up-to-date",
			}
			got := results(t, schema, answer)
			if len(got) != len(want) {
				t.Fatalf("results: %q", got)
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Errorf("result %q; want %q", got[i], want[i])
				}
			}
		})
	}
}

// What the job's creator asks for decides what is rendered.
func TestHandleBatchArguments(t *testing.T) {
	for name, test := range map[string]struct {
		arguments map[string]string
		want      string
	}{
		"nothing":             {nil, "1 Succeeded skipped: up-to-date"},
		"only stale":          {map[string]string{"only": "stale"}, "1 Succeeded skipped: up-to-date"},
		"all":                 {map[string]string{"only": "all"}, "1 Succeeded done: 4 variants"},
		"all of one preset":   {map[string]string{"only": "all", "presets": "small"}, "1 Succeeded done: 1 variant"},
		"two presets":         {map[string]string{"only": "all", "presets": "small,large"}, "1 Succeeded done: 2 variants"},
		"a misspelt preset":   {map[string]string{"presets": "small,lage"}, `1 PermanentFailure unknown-preset: the function's presets.yaml has no "lage"; it has small, medium, large, thumbnail`},
		"a misspelt name":     {map[string]string{"preset": "small"}, `1 PermanentFailure malformed-event: found the unknown user argument "preset", expected "only" with "stale" or "all", and "presets" with names of presets, in "{\"preset\":\"small\"}"`},
		"an unknown \"only\"": {map[string]string{"only": "missing"}, `1 PermanentFailure malformed-event: found "only" with "missing", expected "only" with "stale" or "all", and "presets" with names of presets, in "{\"only\":\"missing\"}"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.put(t, "originals/a.jpg")
			if _, err := f.Handle(context.Background(), job(t, "1.0", nil, "originals/a.jpg")); err != nil {
				t.Fatal(err)
			}
			answer, err := f.Handle(context.Background(), job(t, "2.0", test.arguments, "originals/a.jpg"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, results(t, "2.0", answer)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

// Without tasks that could be answered the invocation fails: S3 must not take it for done.
func TestHandleBatchMalformed(t *testing.T) {
	f := newFixture(t)
	_, err := f.Handle(context.Background(), job(t, "2.0", nil))
	if _, ok := errors.AsType[*event.MalformedError](err); !ok {
		t.Errorf("%v; want a *MalformedError", err)
	}
	answer, err := f.Handle(context.Background(), job(t, "3.0", nil, "originals/a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if got := results(t, "3.0", answer); len(got) != 1 || !strings.Contains(got[0], `PermanentFailure malformed-event: found the invocation schema "3.0"`) {
		t.Errorf("results: %q", got)
	}
}

// Shortly before the function's timeout the rest of the tasks is given back.
func TestHandleBatchDeadline(t *testing.T) {
	f := newFixture(t)
	f.Margin = time.Hour
	f.put(t, "originals/a.jpg")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	answer, err := f.Handle(ctx, job(t, "1.0", nil, "originals/a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if got := results(t, "1.0", answer); len(got) != 1 || !strings.HasPrefix(got[0], "1 TemporaryFailure deadline: ") {
		t.Errorf("results: %q", got)
	}
}

// A direct invocation with the backfill's own member renders what it asks for.
func TestHandleDirectPresize(t *testing.T) {
	f := newFixture(t)
	f.put(t, "originals/a.jpg")
	for _, change := range []event.Change{{Presets: []string{"small"}}, {Stale: true}, {Stale: true}, {Presets: []string{"lage"}}} {
		change.Kind, change.Bucket, change.Key = event.Created, "photos", "originals/a.jpg"
		payload, err := event.S3Notification(change)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Handle(context.Background(), payload); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"done  originals/a.jpg", "done  originals/a.jpg", "skipped up-to-date originals/a.jpg", "failed unknown-preset originals/a.jpg"}
	if diff := cmp.Diff(want, outcomes(f.reports)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	var made []int
	for _, r := range f.reports {
		made = append(made, len(r.Variants))
	}
	if diff := cmp.Diff([]int{1, 3, 0, 0}, made); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
}
