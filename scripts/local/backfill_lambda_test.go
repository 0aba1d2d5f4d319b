package main_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/machine"
)

// deployed is the real function, with the site's presets.
func (s *site) deployed(t *testing.T) *lambda.Lambda {
	t.Helper()
	return function(t, map[string]string{"AWS_ENDPOINT_URL_S3": shared.S3, "PRESIZE_PRESETS": filepath.Join(s.folder, "presets.yaml")}, nil)
}

// invocations stands before Lambda's API and counts what was invoked.
type invocations struct {
	http.Handler

	seen func(original string) // nil: nobody looks

	mu    sync.Mutex
	count map[string]int // by original
}

func (i *invocations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	payload, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(payload))
	var said events.S3Event
	if json.Unmarshal(payload, &said) == nil && len(said.Records) == 1 {
		original, _ := url.QueryUnescape(said.Records[0].S3.Object.Key)
		i.mu.Lock()
		i.count[original]++
		i.mu.Unlock()
		i.seen(original)
	}
	i.Handler.ServeHTTP(w, r)
}

// invoked are the originals so far, each once.
func (i *invocations) invoked() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Sorted(maps.Keys(i.count))
}

// incomplete counts those of some originals that lack a variant.
func (s *site) incomplete(t *testing.T, originals []string) int {
	n := 0
	for _, original := range originals {
		for _, p := range s.config.PresetsFor(original) {
			_, err := s.objects.Head(t.Context(), s.config.PredictKeys(p, original)[0])
			if errors.Is(err, store.ErrNotFound) {
				n++
				break
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	return n
}

// TestBackfillByLambda has the function render, with few in flight, presses Ctrl-C in the middle, and goes on by the command
// that was printed then. A corrupt original ends as a failure.
func TestBackfillByLambda(t *testing.T) {
	t.Parallel()
	const originals, inFlight = 30, 4
	s := newSite(t, "by-lambda", twoPresets)
	s.photos(t, originals)
	corrupt := s.config.Originals + "zz/corrupt.jpg" // the last one
	s.put(t, corrupt, []byte("no image"))
	api := &invocations{Handler: lambda.InvokeAPI(s.deployed(t)), count: map[string]int{}}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	api.seen = func(original string) {
		invoked := api.invoked()
		good := slices.DeleteFunc(slices.Clone(invoked), func(key string) bool { return key == corrupt })
		if n := s.incomplete(t, good); n > inFlight {
			t.Errorf("%d originals were in flight when %s was invoked", n, original)
		}
		if len(invoked) == originals/3 {
			interrupt()
		}
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	args := []string{"run", "--via", "lambda", "--lambda-endpoint-url", server.URL, "--function", machine.Function, "--in-flight", "4", "--wait", "15s"}
	command := s.command(ctx, args...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	e := finish(t, command)
	e.expect(t, args, 130, "Finishing what is in flight", "To go on where it stopped: backfill run ")
	invoked := api.invoked()
	if n := s.incomplete(t, invoked); n > 0 || len(invoked) > originals/3+inFlight {
		t.Errorf("%d originals were invoked, and %d of them were not finished", len(invoked), n)
	}
	_, resume, _ := strings.Cut(e.out, "To go on where it stopped: ")
	resume, _, _ = strings.Cut(resume, "\n")
	again := finish(t, s.in(exec.CommandContext(t.Context(), "sh", "-c", `backfill() { "$0" "$@"; }; `+resume, backfill)))
	again.expect(t, []string{resume}, 1, "Resuming: ", "1 failed: 1 not-an-image")
	s.complete(t, corrupt)
	api.mu.Lock()
	defer api.mu.Unlock()
	for original, n := range api.count {
		if n != 1 {
			t.Errorf("%s was invoked %d times", original, n)
		}
	}
	text, err := os.ReadFile(filepath.Join(s.folder, "presize-failures.jsonl"))
	if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), `"original":"`+corrupt+`","reason":"not-an-image"`) {
		t.Errorf("%v\n%s", err, text)
	}
}

// TestBackfillByBatch has a stand-in for S3 Batch Operations take the job, and does then what the job asks for: it invokes the
// real function for each line of the manifest.
func TestBackfillByBatch(t *testing.T) {
	t.Parallel()
	s := newSite(t, "by-batch", twoPresets)
	s.photos(t, 6)
	s.backfill(t, 0, []string{"run", "--max-objects", "2"}, "2 originals rendered")
	var job struct {
		Arguments []struct {
			Key   string `xml:"key"`
			Value string `xml:"value"`
		} `xml:"Operation>LambdaInvoke>UserArguments>entry"`
		Schema   string `xml:"Operation>LambdaInvoke>InvocationSchemaVersion"`
		Manifest string `xml:"Manifest>Location>ObjectArn"`
	}
	// S3 Control has a host for each account, which no resolver knows here: the stand-in is the SDK's proxy.
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := xml.NewDecoder(r.Body).Decode(&job); err != nil || r.Host != "123456789012.s3-control.test" {
			t.Errorf("%s: %v", r.URL, err)
		}
		_, _ = io.WriteString(w, `<CreateJobResult><JobId>job-1</JobId></CreateJobResult>`)
	}))
	t.Cleanup(control.Close)
	args := []string{
		"run", "--via", "batch", "--account", "123456789012", "--role-arn", "arn:aws:iam::123456789012:role/batch", "--yes",
		"--function-arn", "arn:aws:lambda:us-east-1:123456789012:function:resize", "--manifest", "s3://by-batch/jobs/manifest.csv", "--report", "s3://by-batch/jobs",
	}
	// --endpoint-url is refused with it: a job is AWS's.
	command := s.in(exec.CommandContext(t.Context(), backfill, append(slices.Clone(args), "--bucket", s.name, "--path-style")...))
	command.Env = append(command.Env, "AWS_ENDPOINT_URL_S3="+s.endpoint, "AWS_ENDPOINT_URL_S3_CONTROL=http://s3-control.test", "HTTP_PROXY="+control.URL, "http_proxy="+control.URL, "NO_PROXY=", "no_proxy=")
	finish(t, command).expect(t, args, 0, "4 originals are listed in s3://by-batch/jobs/manifest.csv", "Job job-1 was created")
	if job.Manifest != "arn:aws:s3:::by-batch/jobs/manifest.csv" {
		t.Fatalf("%+v", job)
	}

	_, body, err := s.objects.Open(t.Context(), "jobs/manifest.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	arguments := map[string]string{}
	for _, a := range job.Arguments {
		arguments[a.Key] = a.Value
	}
	l := s.deployed(t)
	for _, line := range lines {
		payload, err := json.Marshal(map[string]any{
			"invocationSchemaVersion": job.Schema, "invocationId": "1", "job": map[string]any{"id": "job-1", "userArguments": arguments},
			"tasks": []any{map[string]any{"taskId": "1", "s3Bucket": line[0], "s3Key": line[1], "s3VersionId": nil}},
		})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := l.Invoke(t.Context(), payload)
		if err != nil {
			t.Fatal(err)
		}
		if got := result(t, payload, answer.Payload); got.ResultCode != "Succeeded" || got.ResultString != "done: 2 variants" {
			t.Errorf("%q: %+v", line, got)
		}
	}
	s.complete(t)
}
