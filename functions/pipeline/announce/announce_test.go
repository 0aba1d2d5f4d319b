package announce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/presize/presize/functions/pipeline/announce"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// answer is what a service says to one request.
type answer struct {
	status int
	body   string
}

// service answers with its list, one after the other; the last answer stays.
type service struct {
	mu       sync.Mutex
	answers  []answer
	requests []*http.Request // with their forms parsed and bodies read into the header "Body"
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var raw json.RawMessage
	if strings.Contains(r.Header.Get("Content-Type"), "json") {
		_ = json.NewDecoder(r.Body).Decode(&raw)
		r.Header.Set("Body", string(raw))
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	} else {
		_ = r.ParseForm()
		w.Header().Set("Content-Type", "text/xml")
	}
	s.requests = append(s.requests, r)
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

func start(t *testing.T, s *service) aws.Config {
	t.Helper()
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	return aws.Config{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), BaseEndpoint: &listener.URL,
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
}

func rendering(t *testing.T, presets int) report.Rendering {
	t.Helper()
	var text strings.Builder
	text.WriteString("presets:\n")
	for n := range presets {
		fmt.Fprintf(&text, "  p%04d: {width: %d}\n", n, n+1)
	}
	config, err := preset.Load("p.yaml", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	return report.Rendering{Config: config, Renderer: "1", At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

// completion is the event of an original with this many variants, as a rendering makes it.
func completion(t *testing.T, key string, presets int) report.Completion {
	t.Helper()
	r := rendering(t, presets)
	o := report.Original{Bucket: "photos", Key: key, ETag: "e", Width: 4000, Height: 3000, Type: "jpeg", Outcome: report.Done}
	for n, p := range r.Config.Presets {
		o.Variants = append(o.Variants, report.Variant{
			Preset: p.Name, Key: "resized/" + p.Name + "/" + key, Width: n + 1, Height: max(1, (n+1)*3/4), Bytes: 1, Type: "image/jpeg",
		})
	}
	manifestKey, err := r.Config.ManifestKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return r.Completion("photos", "", manifestKey, r.Manifest(o))
}

func failure(t *testing.T) report.Completion {
	t.Helper()
	r := rendering(t, 2)
	return r.Completion("photos", "", "", r.Manifest(report.Original{Key: "originals/a.jpg", Outcome: report.Failed, Reason: "corrupt"}))
}

func removal(t *testing.T) report.Completion {
	t.Helper()
	return rendering(t, 1).Removed(report.Removal{Bucket: "photos", Key: "originals/a.jpg"})
}

type announcerFunc func() error

func (f announcerFunc) Announce(context.Context, report.Completion) error { return f() }

func TestAll(t *testing.T) {
	told := 0
	refuse, accept := errors.New("no"), announcerFunc(func() error { told++; return nil })
	err := announce.All(announcerFunc(func() error { return refuse }), accept).Announce(t.Context(), removal(t))
	if !errors.Is(err, refuse) || told != 1 {
		t.Errorf("%v, told %d", err, told)
	}
	if err := announce.All().Announce(t.Context(), removal(t)); err != nil {
		t.Error(err)
	}
}

// TestNew: none, one, or both; the ARNs' regions go before the configuration's.
func TestNew(t *testing.T) {
	const topic, bus = "arn:aws:sns:us-west-2:123456789012:presize", "arn:aws:events:ap-south-1:123456789012:event-bus/presize"
	for _, tc := range []struct {
		topic, bus string
		regions    []string
	}{
		{"", "", nil},
		{topic, "", []string{"us-west-2/sns"}},
		{"", bus, []string{"ap-south-1/events"}},
		{"", "default", []string{"eu-west-1/events"}},
		{topic, bus, []string{"us-west-2/sns", "ap-south-1/events"}},
	} {
		s := &service{answers: []answer{{200, published}, {200, taken}}}
		if tc.topic == "" {
			s.answers = s.answers[1:]
		}
		announcer, err := announce.New(start(t, s), tc.topic, tc.bus)
		if err != nil {
			t.Fatal(err)
		}
		if err := announcer.Announce(t.Context(), removal(t)); err != nil {
			t.Error(err)
		}
		if len(s.requests) != len(tc.regions) {
			t.Fatalf("%d requests for %+v", len(s.requests), tc)
		}
		for i, want := range tc.regions {
			if got := s.requests[i].Header.Get("Authorization"); !strings.Contains(got, "/"+want+"/") {
				t.Errorf("%s is not for %s", got, want)
			}
		}
	}
	_, err := announce.New(aws.Config{}, "presize", "my bus")
	if err == nil || !strings.Contains(err.Error(), `"presize"`) || !strings.Contains(err.Error(), `"my bus"`) {
		t.Errorf("not both mistakes: %v", err)
	}
	for _, topic := range []string{"arn:aws:sqs:eu-west-1:1:q", "arn:aws:sns:eu-west-1:1:topic:subscription", "arn:aws:sns:::x"} {
		if _, err := announce.New(aws.Config{}, topic, ""); err == nil {
			t.Errorf("%s is a topic", topic)
		}
	}
	for _, bus := range []string{"arn:aws:sns:eu-west-1:1:q", "arn:aws:events:eu-west-1:1:rule/x", "arn:aws:events:eu-west-1:1:event-bus/"} {
		if _, err := announce.New(aws.Config{}, "", bus); err == nil {
			t.Errorf("%s is a bus", bus)
		}
	}
}
