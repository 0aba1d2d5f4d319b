package event_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
)

// fixtures gives the payloads of testdata/events by name.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "events", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures in testdata/events: %v", err)
	}
	all := make(map[string][]byte, len(paths))
	for _, path := range paths {
		payload, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".json")] = payload
	}
	return all
}

func TestParseFixtures(t *testing.T) {
	all := fixtures(t)
	for name, payload := range all {
		t.Run(name, func(t *testing.T) {
			want, ok := expected(name)
			if !ok {
				t.Fatalf("no expectation of testdata/events/%s.json: add it to expectations_test.go", name)
			}
			got, err := event.Parse(payload)
			if found := foundBy(t, err); found != want.found {
				t.Errorf("Parse: found %q, want %q", found, want.found)
			}
			if got.Source != want.source {
				t.Errorf("source %d, want %d", got.Source, want.source)
			}
			if diff := cmp.Diff(want.outcomes, outcomes(t, got)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
	for name := range single {
		if all[name] == nil {
			t.Errorf("an expectation of testdata/events/%s.json, which is not there", name)
		}
	}
}

func outcomes(t *testing.T, e event.Envelope) []outcome {
	t.Helper()
	var all []outcome
	for _, r := range e.Records {
		o := outcome{ID: r.ID, Skipped: r.Skipped, Found: foundBy(t, r.Err)}
		if len(r.Changes) > 0 {
			o.Change = r.Changes[0]
		}
		all = append(all, o)
	}
	return all
}

func foundBy(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var m *event.MalformedError
	if !errors.As(err, &m) {
		t.Fatalf("error %v is a %T, want a *MalformedError", err, err)
	}
	if len(m.Excerpt) > 200+len("…") || !utf8.ValidString(m.Excerpt) {
		t.Errorf("excerpt of %d bytes is not short, valid text: %q", len(m.Excerpt), m.Excerpt)
	}
	if m.Expected == "" || !strings.Contains(err.Error(), m.Found) || !strings.Contains(err.Error(), m.Expected) {
		t.Errorf("error does not say what was found and expected: %v", err)
	}
	return m.Found
}

func TestParseNotJSON(t *testing.T) {
	for name, payload := range map[string]string{
		"empty":         "",
		"null":          "null",
		"number":        "42",
		"no known part": "{}",
		"null records":  `{"Records":null,"Message":"x"}`,
		"two documents": `{"Records":[]}{}`,
		"invalid utf-8": "\xff\xfe",
		"long":          strings.Repeat("é", 4096),
		"long, invalid": "\x89" + strings.Repeat("0\xc3", 4096),
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := event.Parse([]byte(payload)); name != "null records" && foundBy(t, err) == "" {
				t.Errorf("Parse gave %+v, want an error", e)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, payload := range fixtures(f) {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := event.Parse(payload)
		if err != nil {
			foundBy(t, err)
			return
		}
		if e.Source == event.Batch {
			checkAnswer(t, payload, e)
		}
		if e.Source == 0 || len(e.Records) == 0 {
			t.Fatalf("nothing said of a payload that was understood: %+v", e)
		}
		for _, r := range e.Records {
			set := 0
			if r.Err != nil {
				set++
				foundBy(t, r.Err)
			}
			if r.Skipped != "" {
				set++
			}
			if len(r.Changes) > 0 {
				set++
			}
			if set != 1 || len(r.Changes) > 1 {
				t.Errorf("not exactly one of changes, skipped and error: %+v", r)
			}
			for _, c := range r.Changes {
				if c.Bucket == "" || c.Key == "" || c.Name == "" || c.Kind.String() == "unknown" || c.Size < -1 {
					t.Errorf("incomplete change: %+v", c)
				}
			}
		}
	})
}
