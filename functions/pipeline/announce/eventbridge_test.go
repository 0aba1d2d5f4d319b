package announce_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/announce"
	"github.com/presize/presize/functions/pipeline/report"
)

const taken = `{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}`

func bus(t *testing.T, s *service) *announce.EventBridge {
	t.Helper()
	announcer, err := announce.NewEventBridge(eventbridge.NewFromConfig(start(t, s)), "presize")
	if err != nil {
		t.Fatal(err)
	}
	announcer.Hurry()
	return announcer
}

// entry is what was put on the bus.
type entry struct {
	EventBusName, Source, DetailType, Detail string
	Time                                     float64
}

func entryOf(t *testing.T, s *service, request int) entry {
	t.Helper()
	var body struct{ Entries []entry }
	if err := json.Unmarshal([]byte(s.requests[request].Header.Get("Body")), &body); err != nil || len(body.Entries) != 1 {
		t.Fatal(err, len(body.Entries))
	}
	return body.Entries[0]
}

func TestEventBridge(t *testing.T) {
	s := &service{answers: []answer{{200, taken}}}
	announcer := bus(t, s)
	events := map[string]report.Completion{
		announce.DetailReady: completion(t, "originals/users/42/cat.jpg", 2), announce.DetailFailed: failure(t), announce.DetailRemoved: removal(t),
	}
	n := 0
	for detailType, event := range events {
		if err := announcer.Announce(t.Context(), event); err != nil {
			t.Fatal(err)
		}
		got := entryOf(t, s, n)
		n++
		if got.EventBusName != "presize" || got.Source != "presize" || got.DetailType != detailType || got.Time != float64(event.Time.Unix()) {
			t.Errorf("%+v", got)
		}
		back, err := report.DecodeCompletion([]byte(got.Detail))
		if diff := cmp.Diff(event, back); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
	if target := s.requests[0].Header.Get("X-Amz-Target"); target != "AWSEvents.PutEvents" {
		t.Error(target)
	}
}

func TestEventBridgeFits(t *testing.T) {
	s := &service{answers: []answer{{200, taken}}}
	event := completion(t, "originals/users/42/cat.jpg", 3000)
	if err := bus(t, s).Announce(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	got := entryOf(t, s, 0)
	back, err := report.DecodeCompletion([]byte(got.Detail))
	size := 14 + len(got.Source) + len(got.DetailType) + len(got.Detail)
	if err != nil || size > 256<<10 || !back.Truncated || back.ManifestKey != event.ManifestKey {
		t.Errorf("%d bytes, %v", size, err)
	}
}

func refusedEntry(code string) answer {
	return answer{200, `{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "` + code + `", "ErrorMessage": "the message"}]}`}
}

func refusedRequest(status int, code string) answer {
	return answer{status, `{"__type": "` + code + `", "message": "the message"}`}
}

// TestEventBridgeErrors: an entry that fails is an error, though its request succeeded.
func TestEventBridgeErrors(t *testing.T) {
	for _, tc := range []struct {
		answer answer
		kind   error
		text   string
		tries  int
	}{
		{refusedEntry("AccessDeniedException"), announce.ErrDenied, "events:PutEvents", 1},
		{refusedEntry("NotAuthorizedForSourceException"), announce.ErrDenied, "events:PutEvents", 1},
		{refusedEntry("MalformedDetail"), nil, "MalformedDetail: the message", 1},
		{refusedEntry("ThrottlingException"), nil, "ThrottlingException", 4},
		{refusedEntry("InternalFailure"), nil, "InternalFailure", 4},
		{answer{200, `{"FailedEntryCount": 1, "Entries": []}`}, nil, "does not say why", 4},
		{refusedRequest(400, "AccessDeniedException"), announce.ErrDenied, "events:PutEvents", 1},
		{refusedRequest(400, "ResourceNotFoundException"), announce.ErrNotFound, "correct its name", 1},
		{refusedRequest(400, "ThrottlingException"), nil, "ThrottlingException", 3},
		{refusedRequest(500, "InternalException"), nil, "InternalException", 3},
	} {
		s := &service{answers: []answer{tc.answer}}
		err := bus(t, s).Announce(t.Context(), removal(t))
		if err == nil || !strings.Contains(err.Error(), tc.text) || !strings.Contains(err.Error(), "bus presize") {
			t.Errorf("%+v: %v", tc.answer, err)
		}
		if tc.kind != nil && !errors.Is(err, tc.kind) || tc.kind == nil && (errors.Is(err, announce.ErrDenied) || errors.Is(err, announce.ErrNotFound)) {
			t.Errorf("%+v is of another kind: %v", tc.answer, err)
		}
		if len(s.requests) != tc.tries {
			t.Errorf("%+v: %d tries", tc.answer, len(s.requests))
		}
	}
	s := &service{answers: []answer{refusedEntry("ThrottlingException"), {200, taken}}}
	if err := bus(t, s).Announce(t.Context(), removal(t)); err != nil || len(s.requests) != 2 {
		t.Error(err, len(s.requests))
	}
}
