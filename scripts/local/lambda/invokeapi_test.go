package lambda_test

import (
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/local/lambda"
)

// call is a request to Lambda's API, and what is of interest of its answer.
type call struct {
	method, path string // default: POST, the function's invocations
	header       map[string]string
	body         string
}

type answered struct {
	Status int
	Header map[string]string
	Body   string
}

func (c call) do(t *testing.T, url string) answered {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodPost
	}
	if c.path == "" {
		c.path = "/2015-03-31/functions/obey/invocations"
	}
	request, err := http.NewRequestWithContext(t.Context(), c.method, url+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answered{Status: response.StatusCode, Header: map[string]string{}, Body: string(body)}
	for _, name := range []string{"X-Amz-Function-Error", "X-Amz-Executed-Version", "X-Amzn-Errortype"} {
		if value := response.Header.Get(name); value != "" {
			a.Header[name] = value
		}
	}
	if id := response.Header.Get("X-Amzn-Requestid"); response.StatusCode != http.StatusForbidden && c.method == http.MethodPost && len(id) != 36 {
		t.Errorf("request id: %q", id)
	}
	return a
}

func endpoint(t *testing.T, l *lambda.Lambda) string {
	t.Helper()
	server := httptest.NewServer(lambda.InvokeAPI(l))
	t.Cleanup(server.Close)
	return server.URL
}

func kind(name string) map[string]string { return map[string]string{"X-Amz-Invocation-Type": name} }

func TestInvokeAPI(t *testing.T) {
	l := start(t, func(f *lambda.Function) { f.Timeout = 2 * time.Second })
	url := endpoint(t, l)
	const echo = `{"do":"echo","word":"hi"}`
	version := map[string]string{"X-Amz-Executed-Version": "$LATEST"}
	unhandled := map[string]string{"X-Amz-Executed-Version": "$LATEST", "X-Amz-Function-Error": "Unhandled"}
	refusal := func(kind string) map[string]string { return map[string]string{"X-Amzn-Errortype": kind} }
	notFound := func(name string) answered {
		return answered{404, refusal("ResourceNotFoundException"), `{"Message":"Function not found: ` + name +
			`; here is arn:aws:lambda:us-east-1:000000000000:function:obey","Type":"User"}`}
	}
	tests := map[string]struct {
		call call
		want answered
	}{
		"default":      {call{body: echo}, answered{200, version, `"hi"`}},
		"synchronous":  {call{body: echo, header: kind("RequestResponse")}, answered{200, version, `"hi"`}},
		"asynchronous": {call{body: echo, header: kind("Event")}, answered{202, map[string]string{}, ""}},
		"dry run":      {call{body: echo, header: kind("DryRun")}, answered{204, map[string]string{}, ""}},
		"by ARN": {
			call{path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aobey/invocations", body: echo},
			answered{200, version, `"hi"`},
		},
		"by partial ARN": {call{path: "/2015-03-31/functions/123456789012:function:obey/invocations", body: echo}, answered{200, version, `"hi"`}},
		"by version":     {call{path: "/2015-03-31/functions/obey/invocations?Qualifier=$LATEST", body: echo}, answered{200, version, `"hi"`}},
		"no body is {}":  {call{}, answered{200, unhandled, `{"errorMessage":"unknown order \"\"","errorType":"errorString"}`}},
		"the function's error": {
			call{body: `{"do":"error","word":"no"}`}, answered{200, unhandled, `{"errorMessage":"no","errorType":"errorString"}`},
		},
		"another function": {call{path: "/2015-03-31/functions/other/invocations", body: echo}, notFound("other")},
		"another version":  {call{path: "/2015-03-31/functions/obey:1/invocations", body: echo}, notFound("obey:1")},
		"another alias":    {call{path: "/2015-03-31/functions/obey/invocations?Qualifier=live", body: echo}, notFound("obey")},
		"another kind": {
			call{body: echo, header: kind("Later")},
			answered{400, refusal("InvalidParameterValueException"), `{"Type":"User","message":"Invocation type \"Later\" is none of Event, RequestResponse, DryRun"}`},
		},
		"not JSON": {
			call{body: `{"do":`, header: kind("Event")},
			answered{400, refusal("InvalidRequestContentException"), `{"Type":"User","message":"Could not parse request body into json"}`},
		},
		"too large an event": {
			call{body: `"` + strings.Repeat("x", 1<<20) + `"`, header: kind("Event")},
			answered{413, refusal("RequestTooLargeException"), `{"Type":"User","message":"Request must be smaller than 1048576 bytes for the InvokeFunction operation"}`},
		},
		"too large a request": {
			call{body: `"` + strings.Repeat("x", 6<<20) + `"`},
			answered{413, refusal("RequestTooLargeException"), `{"Type":"User","message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}`},
		},
		"another action": {
			call{method: http.MethodGet, path: "/2015-03-31/functions/"},
			answered{404, refusal("UnknownOperationException"), `{"Type":"User","message":"GET /2015-03-31/functions/ is not emulated here: Invoke is"}`},
		},
		"a page's script": {
			call{body: echo, header: map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}},
			answered{403, map[string]string{}, "cross-origin request detected from Sec-Fetch-Site header\n"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.call.do(t, url)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("ended and timed out", func(t *testing.T) {
		for body, says := range map[string]string{`{"do":"exit","n":3}`: "Runtime.ExitError", `{"do":"hang"}`: "Task timed out after 2.00 seconds"} {
			got := call{body: body}.do(t, url)
			if got.Status != 200 || got.Header["X-Amz-Function-Error"] != "Unhandled" || !strings.Contains(got.Body, says) {
				t.Errorf("%s: %+v; want %s", body, got, says)
			}
		}
	})
	t.Run("nearly too large", func(t *testing.T) {
		big := `{"do":"echo","word":"` + strings.Repeat("x", 1<<20-30) + `"}`
		if got := (call{body: big, header: kind("Event")}).do(t, url); got.Status != 202 {
			t.Errorf("an event of %d bytes: %+v", len(big), got)
		}
	})
}

// What is invoked asynchronously is retried, and ends as a dead letter, as an upload's event does.
func TestInvokeAPIRetries(t *testing.T) {
	l := start(t, nil)
	url := endpoint(t, l)
	file := filepath.Join(t.TempDir(), "attempts")
	call{body: string(payload(t, order{Do: "fail until", File: file, N: 3})), header: kind("Event")}.do(t, url)
	call{body: `{"do":"error","word":"no"}`, header: kind("Event")}.do(t, url)
	drain(t, l)
	if got := l.Counters(); got.Events != 2 || got.Invocations != 6 || got.Retries != 4 || got.DeadLetters != 1 {
		t.Errorf("counters: %+v", got)
	}
	if letters := l.DeadLetters(); len(letters) != 1 || string(letters[0].Payload) != `{"do":"error","word":"no"}` {
		t.Errorf("dead letters: %+v", letters)
	}
}

func TestInvokeAPILog(t *testing.T) {
	l := start(t, nil)
	header := kind("RequestResponse")
	maps.Copy(header, map[string]string{"X-Amz-Log-Type": "Tail"})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		endpoint(t, l)+"/2015-03-31/functions/obey/invocations", strings.NewReader(`{"do":"lines","word":"line","n":100}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	tail, err := base64.StdEncoding.DecodeString(response.Header.Get("X-Amz-Log-Result"))
	if err != nil || len(tail) != 4<<10 || !strings.Contains(string(tail), "line 99 ...") {
		t.Errorf("%d bytes of log (%v):\n%s", len(tail), err, tail)
	}
}

// After Close there is no function any more.
func TestInvokeAPIClosed(t *testing.T) {
	l := start(t, nil)
	url := endpoint(t, l)
	shut(t, l)
	for _, name := range []string{"Event", "RequestResponse"} {
		if got := (call{body: `{"do":"pid"}`, header: kind(name)}).do(t, url); got.Status != 500 || got.Header["X-Amzn-Errortype"] != "ServiceException" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestInvokeAPIOfTwoFunctions(t *testing.T) {
	first, second := start(t, nil), start(t, func(f *lambda.Function) { f.Name = "other" })
	server := httptest.NewServer(lambda.InvokeAPI(first, second))
	t.Cleanup(server.Close)
	for _, name := range []string{"obey", "other"} {
		got := call{path: "/2015-03-31/functions/" + name + "/invocations", body: `{"do":"echo","word":"hello"}`}.do(t, server.URL)
		if got.Status != http.StatusOK || got.Body != `"hello"` {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := second.Counters().Invocations; got != 1 {
		t.Errorf("the second had %d invocations", got)
	}
	got := call{path: "/2015-03-31/functions/none/invocations"}.do(t, server.URL)
	if got.Status != http.StatusNotFound || !strings.Contains(got.Body, first.ARN()) || !strings.Contains(got.Body, second.ARN()) {
		t.Errorf("%+v", got)
	}
}
