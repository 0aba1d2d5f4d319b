package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/machine"
)

// invoke calls the machine's function by Lambda's API and gives the status and the body.
func invoke(t *testing.T, m *machine.Machine, kind string, payload []byte) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		m.API+"/2015-03-31/functions/"+machine.Function+"/invocations", bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Invocation-Type", kind)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.Header.Get("X-Amz-Function-Error") != "" {
		t.Fatalf("%v %v\n%s", err, response.Header, body)
	}
	return response.StatusCode, body
}

// recorded is an invocation by S3 Batch Operations as testdata/events has it, about a key in the machine's bucket.
func recorded(t *testing.T, name, key string) []byte {
	t.Helper()
	text := string(readFile(t, filepath.Join("testdata", "events", name+".json")))
	return []byte(strings.NewReplacer("presize-uploads", machine.Bucket, "originals/users/42/cat.jpg", key).Replace(text))
}

// result is the one result of an answer to S3 Batch Operations, which repeats its request.
func result(t *testing.T, request, answer []byte) events.S3BatchJobResult {
	t.Helper()
	var asked events.S3BatchJobEvent
	var answered events.S3BatchJobResponse
	if err := json.Unmarshal(request, &asked); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &answered); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	if answered.InvocationID != asked.InvocationID || answered.InvocationSchemaVersion != asked.InvocationSchemaVersion ||
		len(answered.Results) != 1 || answered.Results[0].TaskID != asked.Tasks[0].TaskID {
		t.Fatalf("answer: %s", answer)
	}
	return answered.Results[0]
}

// TestS3Batch has S3 Batch Operations' invocations, of both schemas, answered by the real function: a task that succeeds and
// then has nothing left to do, one that fails for good, one that may be tried again.
func TestS3Batch(t *testing.T) {
	m := shared
	for _, name := range []string{"batch1-put", "batch2-put", "batch2-presets", "batch2-all"} {
		t.Run(name, func(t *testing.T) {
			folder := m.Config.Originals + "s3batch/" + name + "/"
			upload(t, m, "s3batch/"+name+"/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
			upload(t, m, "s3batch/"+name+"/text.jpg", []byte("no image"))
			await(t, m, "s3batch/"+name+"/cat.jpg", "s3batch/"+name+"/text.jpg")
			if err := m.Objects.Delete(t.Context(), slices.Collect(keysOf(variants(t, m, "s3batch/"+name+"/")))...); err != nil {
				t.Fatal(err)
			}
			made := map[string]string{"batch2-presets": "done: 2 variants"}[name]
			if made == "" {
				made = "done: 4 variants"
			}
			again := "skipped: up-to-date"
			if name == "batch2-all" {
				again = made
			}
			for _, test := range []struct{ key, code, text string }{
				{folder + "cat.jpg", "Succeeded", made},
				{folder + "cat.jpg", "Succeeded", again},
				{folder + "gone.jpg", "Succeeded", "gone: deleted"},
				{folder + "text.jpg", "PermanentFailure", "not-an-image: "},
				{folder + "%zz.jpg", "PermanentFailure", `malformed-event: found a key with the broken escape "%zz"`},
			} {
				request := recorded(t, name, test.key)
				_, answer := invoke(t, m, "RequestResponse", request)
				if got := result(t, request, answer); got.ResultCode != test.code || !strings.HasPrefix(got.ResultString, test.text) {
					t.Errorf("%s: %+v; want %s, %s", test.key, got, test.code, test.text)
				}
			}
			if !strings.HasSuffix(name, "-put") {
				return // once for each schema: the SDK takes its time before it gives up
			}
			l := function(t, map[string]string{"AWS_ENDPOINT_URL_S3": brokenS3(t, "cat.jpg", m.S3)}, nil)
			request := recorded(t, name, folder+"cat.jpg")
			answer, err := l.Invoke(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			if got := result(t, request, answer.Payload); got.ResultCode != "TemporaryFailure" || !strings.HasPrefix(got.ResultString, "transient: ") {
				t.Errorf("an S3 that fails: %+v", got)
			}
		})
	}
}

// TestInvokePresize invokes as a backfill does: for one preset alone, then for what is missing.
func TestInvokePresize(t *testing.T) {
	m := shared
	upload(t, m, "invoked/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	await(t, m, "invoked/cat.jpg")
	all := variants(t, m, "invoked/")
	if err := m.Objects.Delete(t.Context(), slices.Collect(keysOf(all))...); err != nil {
		t.Fatal(err)
	}
	small := m.Config.Resized + "small/invoked/cat.jpg"
	for _, step := range []struct {
		presets []string
		stale   bool
		want    map[string]string
	}{
		{[]string{"small"}, false, map[string]string{small: all[small]}},
		{nil, true, all},
	} {
		payload, err := event.S3Notification(event.Change{
			Kind: event.Created, Bucket: machine.Bucket, Key: m.Config.Originals + "invoked/cat.jpg", Presets: step.presets, Stale: step.stale,
		})
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := invoke(t, m, "Event", payload); status != http.StatusAccepted {
			t.Errorf("status %d", status)
		}
		drain(t, m.Lambda)
		if diff := cmp.Diff(step.want, variants(t, m, "invoked/")); diff != "" {
			t.Errorf("presets %q, stale %t: variants (-want +got):\n%s", step.presets, step.stale, diff)
		}
	}
}

// TestInvokeByAnotherClient has the AWS CLI invoke the function.
func TestInvokeByAnotherClient(t *testing.T) {
	cli, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("NOT TESTED: the AWS CLI is missing; TestInvokeAPI speaks the same by plain HTTP")
	}
	m := shared
	upload(t, m, "cli/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	await(t, m, "cli/cat.jpg")
	made := variants(t, m, "cli/")
	if err := m.Objects.Delete(t.Context(), slices.Collect(keysOf(made))...); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "event.json")
	if err := os.WriteFile(file, notification(t, m.Config.Originals+"cli/cat.jpg"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (map[string]any, error) {
		args = append([]string{"--endpoint-url", m.API, "lambda", "invoke", "--payload", "fileb://" + file, "--output", "json"}, args...)
		command := exec.CommandContext(t.Context(), cli, append(args, filepath.Join(folder, "answer"))...)
		command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+bucket.AccessKey, "AWS_SECRET_ACCESS_KEY="+bucket.SecretKey,
			"AWS_DEFAULT_REGION="+bucket.Region, "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
		out, err := command.CombinedOutput()
		answer := map[string]any{"out": string(out)}
		if err == nil {
			answer = map[string]any{}
			if err := json.Unmarshal(out, &answer); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		return answer, err
	}
	for _, test := range []struct {
		args []string
		want map[string]any
		says string
	}{
		{[]string{"--function-name", machine.Function, "--invocation-type", "Event"}, map[string]any{"StatusCode": 202.0}, ""},
		{
			[]string{"--function-name", machine.Function}, map[string]any{"StatusCode": 200.0, "ExecutedVersion": "$LATEST"},
			`{"changes":1,"skipped":0,"malformed":0}`,
		},
		{[]string{"--function-name", machine.Function, "--invocation-type", "DryRun"}, map[string]any{"StatusCode": 204.0}, ""},
	} {
		got, err := run(test.args...)
		drain(t, m.Lambda)
		body := readAny(t, filepath.Join(folder, "answer"))
		if err != nil || !cmp.Equal(test.want, got) || body != test.says {
			t.Errorf("%q: %v, %v, %q", test.args, err, got, body)
		}
	}
	if diff := cmp.Diff(made, variants(t, m, "cli/")); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	if got, err := run("--function-name", "other"); err == nil || !strings.Contains(got["out"].(string), "(ResourceNotFoundException)") {
		t.Errorf("another function: %v, %v", err, got)
	}
}

func readAny(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
