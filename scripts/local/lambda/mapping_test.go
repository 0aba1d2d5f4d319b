package lambda_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/presize/presize/scripts/local/lambda"
)

// queue makes a mapping of a function that fails messages as their bodies say, and writes each batch's size to the file.
func queue(t *testing.T, window time.Duration) (*lambda.Lambda, *lambda.Mapping, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "batches")
	l := start(t, func(f *lambda.Function) {
		f.Processes = 1
		f.Env = map[string]string{"QUEUE": file}
	})
	return l, l.Map(window), file
}

func send(t *testing.T, m *lambda.Mapping, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if err := m.Send([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
}

func batches(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func TestMappingGathers(t *testing.T) {
	l, m, file := queue(t, time.Second)
	for i := range 1700 {
		send(t, m, fmt.Sprintf("ok %d", i))
	}
	drain(t, l)
	sizes := batches(t, file)
	if !slices.Contains(sizes, "1000") || len(sizes) > 4 {
		t.Errorf("batches of %v", sizes)
	}
	if c := l.Counters(); c.Events != 1700 || c.Pending != 0 || c.Errors != 0 || c.Invocations != len(sizes) {
		t.Errorf("%+v", c)
	}
	large := strings.Repeat("x", 2<<20)
	send(t, m, large, large, large)
	drain(t, l)
	if got := len(batches(t, file)) - len(sizes); got != 3 {
		t.Errorf("6 MB in %d batches", got)
	}
}

// TestMappingRetriesOnlyWhatFailed: a message that failed comes again by itself, and is buried by itself.
func TestMappingRetriesOnlyWhatFailed(t *testing.T) {
	l, m, _ := queue(t, time.Millisecond)
	send(t, m, "ok", "fail once", "fail always", "ok")
	drain(t, l)
	letters := l.DeadLetters()
	if len(letters) != 1 || string(letters[0].Payload) != "fail always" || letters[0].Attempts != 3 {
		t.Errorf("%+v", letters)
	}
	if c := l.Counters(); c.Events != 4 || c.Pending != 0 || c.Retries != 3 || c.DeadLetters != 1 {
		t.Errorf("%+v", c)
	}
}

// TestMappingOfAFunctionThatBreaks: an invocation that failed as a whole is tried again as well.
func TestMappingOfAFunctionThatBreaks(t *testing.T) {
	for _, body := range []string{"crash", "nonsense", "unnamed"} {
		t.Run(body, func(t *testing.T) {
			l, m, _ := queue(t, time.Millisecond)
			send(t, m, body)
			drain(t, l)
			letters := l.DeadLetters()
			if len(letters) != 1 || letters[0].Err == nil || letters[0].Attempts != 3 || string(letters[0].Payload) != body {
				t.Errorf("%+v", letters)
			}
			if c := l.Counters(); c.Pending != 0 || c.Invocations != 3 || c.Retries != 2 {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestMappingClosed(t *testing.T) {
	l, m, file := queue(t, 100*time.Millisecond)
	send(t, m, "ok")
	shut(t, l)
	if got := batches(t, file); len(got) != 1 {
		t.Errorf("what was queued before the end: %v", got)
	}
	if err := m.Send([]byte("late")); err == nil {
		t.Error("a message after the end was taken")
	}
}

// serveQueue is the function of these tests.
func serveQueue(event events.SQSEvent) (any, error) {
	if err := note(os.Getenv("QUEUE"), len(event.Records)); err != nil {
		return nil, err
	}
	var answer events.SQSEventResponse
	for _, record := range event.Records {
		failed := events.SQSBatchItemFailure{ItemIdentifier: record.MessageId}
		switch {
		case record.Body == "crash":
			os.Exit(3)
		case record.Body == "nonsense":
			return json.RawMessage(`"no answer"`), nil
		case record.Body == "unnamed":
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{})
		case record.Body == "fail always", record.Body == "fail once" && record.Attributes["ApproximateReceiveCount"] == "1":
			answer.BatchItemFailures = append(answer.BatchItemFailures, failed)
		}
	}
	return answer, nil
}

// note adds a line to a file.
func note(path string, n int) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, n)
	return errors.Join(err, file.Close())
}
