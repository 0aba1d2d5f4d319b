package announce_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/announce"
	"github.com/presize/presize/functions/pipeline/report"
)

const (
	topicARN  = "arn:aws:sns:eu-west-1:123456789012:presize"
	published = `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`
)

func topic(t *testing.T, s *service, arn string) *announce.SNS {
	t.Helper()
	announcer, err := announce.NewSNS(sns.NewFromConfig(start(t, s)), arn)
	if err != nil {
		t.Fatal(err)
	}
	return announcer
}

// attributesOf reads the message attributes of a form, as "type value".
func attributesOf(form url.Values) map[string]string {
	out := map[string]string{}
	for n := 1; ; n++ {
		entry := fmt.Sprintf("MessageAttributes.entry.%d.", n)
		name := form.Get(entry + "Name")
		if name == "" {
			return out
		}
		out[name] = form.Get(entry+"Value.DataType") + " " + form.Get(entry+"Value.StringValue")
	}
}

func TestSNS(t *testing.T) {
	s := &service{answers: []answer{{200, published}}}
	event := completion(t, "originals/users/42/cat.jpg", 2)
	if err := topic(t, s, topicARN).Announce(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	form := s.requests[0].PostForm
	if form.Get("Action") != "Publish" || form.Get("TopicArn") != topicARN || form.Has("MessageGroupId") {
		t.Error(form)
	}
	want := map[string]string{"kind": "String created", "status": "String ready", "prefix": "String users/42", "presets": `String.Array ["p0000","p0001"]`}
	if diff := cmp.Diff(want, attributesOf(form)); diff != "" {
		t.Error(diff)
	}
	back, err := report.DecodeCompletion([]byte(form.Get("Message")))
	if diff := cmp.Diff(event, back); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// TestSNSWithoutAPrefix: SNS refuses empty attributes, and characters that XML does not have.
func TestSNSWithoutAPrefix(t *testing.T) {
	s := &service{answers: []answer{{200, published}}}
	announcer := topic(t, s, topicARN)
	if err := announcer.Announce(t.Context(), removal(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"kind": "String removed", "status": "String removed"}, attributesOf(s.requests[0].PostForm)); diff != "" {
		t.Error(diff)
	}
	if err := announcer.Announce(t.Context(), completion(t, "originals/a\x01\uFFFF\n/b.jpg", 1)); err != nil {
		t.Fatal(err)
	}
	if got := attributesOf(s.requests[1].PostForm)["prefix"]; got != "String a\uFFFD\uFFFD\n" {
		t.Errorf("%q", got)
	}
}

func TestSNSKeepsOrderOnFIFOTopics(t *testing.T) {
	s := &service{answers: []answer{{200, published}}}
	announcer := topic(t, s, topicARN+".fifo")
	for _, event := range []report.Completion{completion(t, "originals/a.jpg", 1), removal(t), completion(t, "originals/b.jpg", 1)} {
		if err := announcer.Announce(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	a, gone, b := s.requests[0].PostForm, s.requests[1].PostForm, s.requests[2].PostForm
	if a.Get("MessageGroupId") == "" || a.Get("MessageGroupId") != gone.Get("MessageGroupId") || a.Get("MessageGroupId") == b.Get("MessageGroupId") {
		t.Error("not one group for each original")
	}
	if id := a.Get("MessageDeduplicationId"); id == gone.Get("MessageDeduplicationId") || len(id) > 128 {
		t.Error(id)
	}
}

// TestSNSFits: what is sent stays within 256 KiB, attributes included.
func TestSNSFits(t *testing.T) {
	crowded := completion(t, "originals/users/42/cat.jpg", 2)
	crowded.Presets = strings.Split(strings.Repeat("name,", 40_000), ",")
	for name, tc := range map[string]struct {
		event              report.Completion
		truncated, filters bool
	}{
		"whole":                {completion(t, "originals/users/42/cat.jpg", 300), false, true},
		"too many variants":    {completion(t, "originals/users/42/cat.jpg", 1500), true, true},
		"too many for filters": {crowded, true, false},
	} {
		s := &service{answers: []answer{{200, published}}}
		if err := topic(t, s, topicARN).Announce(t.Context(), tc.event); err != nil {
			t.Fatal(err)
		}
		form := s.requests[0].PostForm
		attributes := attributesOf(form)
		size := len(form.Get("Message"))
		for name, value := range attributes {
			size += len(name) + len(value) - 1
		}
		sent, err := report.DecodeCompletion([]byte(form.Get("Message")))
		if err != nil || size > 256<<10 || sent.ManifestKey != tc.event.ManifestKey || sent.Truncated != tc.truncated || (attributes["presets"] != "") != tc.filters {
			t.Errorf("%s: %d bytes, truncated %v, %v", name, size, sent.Truncated, err)
		}
	}
}

func snsError(status int, code string) answer {
	return answer{status, `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>the message</Message></Error></ErrorResponse>`}
}

func TestSNSErrors(t *testing.T) {
	for _, tc := range []struct {
		answer answer
		kind   error
		text   string
		tries  int
	}{
		{snsError(403, "AuthorizationError"), announce.ErrDenied, "sns:Publish", 1},
		{snsError(403, "AccessDenied"), announce.ErrDenied, "sns:Publish", 1},
		{snsError(400, "KMSAccessDenied"), announce.ErrDenied, "kms:GenerateDataKey", 1},
		{snsError(404, "NotFound"), announce.ErrNotFound, "correct its ARN", 1},
		{snsError(400, "InvalidParameter"), nil, "the message", 1},
		{snsError(400, "Throttling"), nil, "Throttling", 3},
		{snsError(500, "InternalError"), nil, "InternalError", 3},
	} {
		s := &service{answers: []answer{tc.answer}}
		err := topic(t, s, topicARN).Announce(t.Context(), removal(t))
		if err == nil || !strings.Contains(err.Error(), tc.text) || !strings.Contains(err.Error(), topicARN) || !strings.Contains(err.Error(), "originals/a.jpg") {
			t.Errorf("%+v: %v", tc.answer, err)
		}
		if tc.kind != nil && !errors.Is(err, tc.kind) || tc.kind == nil && (errors.Is(err, announce.ErrDenied) || errors.Is(err, announce.ErrNotFound)) {
			t.Errorf("%+v is of another kind: %v", tc.answer, err)
		}
		if len(s.requests) != tc.tries {
			t.Errorf("%+v: %d tries", tc.answer, len(s.requests))
		}
	}
	s := &service{answers: []answer{snsError(400, "Throttling"), {200, published}}}
	if err := topic(t, s, topicARN).Announce(t.Context(), removal(t)); err != nil {
		t.Error(err)
	}
}
