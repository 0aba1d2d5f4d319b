package bus_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/scripts/local/bus"
)

func serve(t *testing.T) (url string, taken *[]bus.Event) {
	t.Helper()
	taken = &[]bus.Event{}
	server := httptest.NewServer(bus.Handler("presize", func(e bus.Event) { *taken = append(*taken, e) }))
	t.Cleanup(server.Close)
	return server.URL, taken
}

func post(t *testing.T, url, body string, header map[string]string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", bus.Target)
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func entry(name, source, detailType, detail string) string {
	return fmt.Sprintf(`{"EventBusName":%q,"Source":%q,"DetailType":%q,"Detail":%q,"Time":1772366400.5}`, name, source, detailType, detail)
}

func TestPutEvents(t *testing.T) {
	url, taken := serve(t)
	body := `{"Entries":[` + entry("presize", "presize", "Ready", `{"a":1}`) + `,` +
		entry("arn:aws:events:us-east-1:000000000000:event-bus/presize", "presize", "Ready", `{"b":2}`) + `,` +
		entry("presize", "presize", "Ready", `not JSON`) + `,` + entry("presize", "presize", "Ready", `[1]`) + `,` +
		entry("presize", "", "Ready", `{}`) + `,` + entry("presize", "presize", "", `{}`) + `]}`
	status, answer := post(t, url, body, nil)
	if status != http.StatusOK || !strings.Contains(answer, `"FailedEntryCount":4`) || strings.Count(answer, `"EventId"`) != 2 ||
		strings.Count(answer, `"MalformedDetail"`) != 2 || strings.Count(answer, `"InvalidArgument"`) != 2 {
		t.Errorf("%d %s", status, answer)
	}
	at := time.UnixMilli(1772366400500).UTC()
	want := []bus.Event{
		{Time: at, Source: "presize", DetailType: "Ready", Detail: []byte(`{"a":1}`)},
		{Time: at, Source: "presize", DetailType: "Ready", Detail: []byte(`{"b":2}`)},
	}
	if diff := cmp.Diff(want, *taken, cmpopts.IgnoreFields(bus.Event{}, "ID")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	url, taken := serve(t)
	good := entry("presize", "presize", "Ready", `{}`)
	for name, test := range map[string]struct {
		body   string
		header map[string]string
		status int
		want   string
	}{
		"another bus":      {`{"Entries":[` + entry("other", "presize", "Ready", `{}`) + `]}`, nil, 400, "ResourceNotFoundException"},
		"the default bus":  {`{"Entries":[{"Source":"x","DetailType":"y","Detail":"{}"}]}`, nil, 400, "ResourceNotFoundException"},
		"no entries":       {`{}`, nil, 400, "ValidationException"},
		"eleven entries":   {`{"Entries":[` + strings.Repeat(good+",", 10) + good + `]}`, nil, 400, "ValidationException"},
		"too large":        {`{"Entries":[` + entry("presize", "presize", "Ready", strings.Repeat(" ", 1<<20)+"{}") + `]}`, nil, 400, "over the limit"},
		"much too large":   {strings.Repeat(" ", 3<<20), nil, 413, "ValidationException"},
		"no JSON":          {`{`, nil, 400, "SerializationException"},
		"another action":   {`{}`, map[string]string{"X-Amz-Target": "AWSEvents.PutRule"}, 400, "UnknownOperationException"},
		"another web site": {`{}`, map[string]string{"Origin": "http://evil.example"}, 403, ""},
	} {
		if status, answer := post(t, url, test.body, test.header); status != test.status || !strings.Contains(answer, test.want) {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	if len(*taken) > 0 {
		t.Errorf("taken: %+v", *taken)
	}
}
