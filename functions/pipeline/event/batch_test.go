package event_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
)

// What the answer repeats is what AWS's own types read of the request, in both schemas.
func TestParseBatchInvocation(t *testing.T) {
	all := fixtures(t)
	for name, schema := range map[string]string{"batch1-keys": "1.0", "batch2-keys": "2.0", "batch3-schema": "3.0", "batch2-unknown-argument": "2.0"} {
		t.Run(name, func(t *testing.T) {
			e, err := event.Parse(all[name])
			if err != nil {
				t.Fatal(err)
			}
			want := event.Invocation{SchemaVersion: schema, ID: "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo"}
			if diff := cmp.Diff(want, e.Invocation); diff != "" {
				t.Errorf("invocation (-want +got):\n%s", diff)
			}
			checkAnswer(t, all[name], e)
		})
	}
}

// checkAnswer demands of an answer to every task that it names them as the request does, in their order.
func checkAnswer(t *testing.T, payload []byte, e event.Envelope) {
	t.Helper()
	var request struct {
		Tasks []json.RawMessage `json:"tasks"`
	}
	if err := json.Unmarshal(payload, &request); err != nil {
		t.Fatal(err)
	}
	if len(request.Tasks) != len(e.Records) {
		t.Fatalf("%d tasks became %d records", len(request.Tasks), len(e.Records))
	}
	var results []events.S3BatchJobResult
	for i, raw := range request.Tasks {
		var task struct {
			TaskID string `json:"taskId"`
		}
		if json.Unmarshal(raw, &task) == nil && task.TaskID != e.Records[i].ID {
			t.Errorf("task %d is called %q, its record %q", i, task.TaskID, e.Records[i].ID)
		}
		results = append(results, event.TaskResult(e.Records[i].ID, event.Succeeded, string(payload)))
	}
	for _, result := range event.BatchAnswer(e.Invocation, results).Results {
		if !utf8.ValidString(result.ResultString) || len(result.ResultString) > 1024 || strings.ContainsAny(result.ResultString, "\r\n") {
			t.Errorf("a result of %d bytes is not one short line of text: %q", len(result.ResultString), result.ResultString)
		}
	}
}

func TestBatchAnswer(t *testing.T) {
	invocation := event.Invocation{SchemaVersion: "2.0", ID: "id"}
	long := strings.Repeat("é", 2000)
	got, err := json.Marshal(event.BatchAnswer(invocation, []events.S3BatchJobResult{
		event.TaskResult("a", event.Succeeded, "done: 4 variants"),
		event.TaskResult("b", event.PermanentFailure, "corrupt: line\n\tone  and two \xff"),
		event.TaskResult("c", event.TemporaryFailure, long),
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"invocationSchemaVersion":"2.0","treatMissingKeysAs":"TemporaryFailure","invocationId":"id","results":[` +
		`{"taskId":"a","resultCode":"Succeeded","resultString":"done: 4 variants"},` +
		`{"taskId":"b","resultCode":"PermanentFailure","resultString":"corrupt: line one and two ` + "\uFFFD" + `"},` +
		`{"taskId":"c","resultCode":"TemporaryFailure","resultString":"` + long[:1000] + `…"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// formEncoded is how S3 writes a key.
func formEncoded(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/") }

// Any key that a manifest holds form-encoded comes back as it was.
func FuzzBatchKey(f *testing.F) {
	for _, key := range []string{"a b", "a+b", "a%2Bb", "é日本語", "\x00\x1f\u2028", "a//b/../c", "%", "\xff"} {
		f.Add(key, "small,large", "all")
	}
	f.Fuzz(func(t *testing.T, key, presets, only string) {
		presets, only = strings.ToValidUTF8(presets, ""), strings.ToValidUTF8(only, "") // as JSON is
		arguments, err := json.Marshal(map[string]string{"presets": presets, "only": only})
		if err != nil {
			t.Fatal(err)
		}
		raw := string(arguments)
		if presets == "" && only == "" {
			raw = "null"
		}
		encoded, err := json.Marshal(formEncoded(key))
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Parse([]byte(`{"invocationSchemaVersion":"2.0","invocationId":"i","job":{"id":"j","userArguments":` + raw +
			`},"tasks":[{"taskId":"t","s3Key":` + string(encoded) + `,"s3VersionId":null,"s3Bucket":"photos"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		record := e.Records[0]
		good := key != "" && (raw == "null" || (only == "all" || only == "stale") && !strings.Contains(","+presets+",", ",,"))
		switch {
		case !good:
			if record.Err == nil {
				t.Errorf("no error of key %q, presets %q, only %q", key, presets, only)
			}
		case good:
			want := event.Change{
				Kind: event.Created, Name: "S3BatchOperations:LambdaInvoke", Bucket: "photos", Key: key, Size: -1, Stale: only != "all",
			}
			if raw != "null" {
				want.Presets = strings.Split(presets, ",")
			}
			if diff := cmp.Diff([]event.Change{want}, record.Changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s\n%v", diff, record.Err)
			}
		}
	})
}
