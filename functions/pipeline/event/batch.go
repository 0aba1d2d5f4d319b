package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// batchName is the Change.Name of an S3 Batch Operations task.
const batchName = "S3BatchOperations:LambdaInvoke"

// Invocation is what the answer to S3 Batch Operations repeats of its request.
type Invocation struct {
	SchemaVersion string // "1.0" or "2.0"
	ID            string
}

// batchRequest is events.S3BatchJobEvent and events.S3BatchJobEventV2 in one, with parts that may be odd.
//
// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html.
type batchRequest struct {
	SchemaVersion string `json:"invocationSchemaVersion"`
	ID            string `json:"invocationId"`
	Job           struct {
		UserArguments json.RawMessage `json:"userArguments"`
	} `json:"job"`
	Tasks []json.RawMessage `json:"tasks"`
}

// batchTask is a task of either schema: 1.0 has the bucket's ARN, 2.0 its name.
type batchTask struct {
	events.S3BatchJobTaskV2
	S3BucketARN string `json:"s3BucketArn"`
}

// batch reads an invocation by S3 Batch Operations: a record for each task, because each is answered by itself. What is
// wrong with the job as a whole is wrong with every task.
func (r *reader) batch(raw []byte) error {
	const expected = `an invocation by S3 Batch Operations, schema "1.0" or "2.0"`
	r.source = Batch
	var b batchRequest
	if err := json.Unmarshal(raw, &b); err != nil {
		return malformed(raw, "an invocation by S3 Batch Operations that does not decode", expected, err)
	}
	if len(b.Tasks) == 0 {
		return malformed(raw, "an invocation by S3 Batch Operations without tasks", expected, nil)
	}
	r.invocation = Invocation{b.SchemaVersion, b.ID}
	asked, err := userArguments(b.Job.UserArguments)
	if b.SchemaVersion != "1.0" && b.SchemaVersion != "2.0" {
		err = malformed(raw, fmt.Sprintf("the invocation schema %q", cut(b.SchemaVersion, maxName)), `"1.0" or "2.0"`, nil)
	}
	for _, raw := range b.Tasks {
		var task batchTask
		odd := json.Unmarshal(raw, &task)
		switch {
		case err != nil:
			r.add(task.TaskID, Record{Err: err})
		case odd != nil:
			r.add(task.TaskID, Record{Err: malformed(raw, "a task that does not decode", expected, odd)})
		default:
			r.add(task.TaskID, task.record(raw, asked))
		}
	}
	return nil
}

// record is the change that a task asks for. A version that the manifest names is only carried along: the original is
// rendered as it is now.
func (t *batchTask) record(raw []byte, asked wish) Record {
	// The manifest holds keys form-encoded, and so they arrive. AWS's own examples decode them by Python's unquote_plus.
	key, err := url.QueryUnescape(t.S3Key)
	if err != nil {
		return brokenEscape(raw, err)
	}
	bucket := t.S3Bucket
	if bucket == "" {
		bucket = t.S3BucketARN[strings.LastIndex(t.S3BucketARN, ":")+1:]
	}
	return change(raw, asked.of(Change{
		Kind: Created, Name: batchName, Bucket: bucket, Key: key, Size: -1, VersionID: t.S3VersionID,
	}))
}

// userArguments reads what the job's creator asks for. A job runs over everything, so it looks first unless told not to.
func userArguments(raw json.RawMessage) (wish, error) {
	asked := wish{Only: onlyStale}
	if len(raw) == 0 {
		return asked, nil
	}
	var arguments map[string]string
	if err := json.Unmarshal(raw, &arguments); err != nil {
		return asked, malformed(raw, "user arguments that do not decode", wishes, err)
	}
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		switch name {
		case "only":
			if asked.Only = arguments[name]; asked.Only == "" {
				return asked, malformed(raw, `"only" with ""`, wishes, nil)
			}
		case "presets":
			asked.Presets = strings.Split(arguments[name], ",")
		default:
			return asked, malformed(raw, fmt.Sprintf("the unknown user argument %q", cut(name, maxName)), wishes, nil)
		}
	}
	return asked, asked.check(raw)
}
