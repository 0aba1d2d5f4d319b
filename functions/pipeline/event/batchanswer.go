package event

import (
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// ResultCode is what became of a task of S3 Batch Operations.
type ResultCode string

// The result codes. S3 Batch Operations tries a temporary failure again before the job ends, and marks a permanent one
// failed at once; its report holds the result's text.
const (
	Succeeded        ResultCode = "Succeeded"
	TemporaryFailure ResultCode = "TemporaryFailure"
	PermanentFailure ResultCode = "PermanentFailure"
)

// maxResult bounds a result's text, in bytes, below the 1024 characters that are S3's limit for texts of its jobs.
const maxResult = 1000

// TaskResult is the answer about one task. Its text goes into the job's report, which is a CSV file of one line a task: it
// is one line, and short.
func TaskResult(taskID string, code ResultCode, text string) events.S3BatchJobResult {
	line := strings.Join(strings.Fields(text), " ")
	return events.S3BatchJobResult{TaskID: taskID, ResultCode: string(code), ResultString: cut(line, maxResult)}
}

// BatchAnswer is the answer to an invocation by S3 Batch Operations, in the schema of its request. A task that has no
// result is tried again.
func BatchAnswer(invocation Invocation, results []events.S3BatchJobResult) events.S3BatchJobResponse {
	return events.S3BatchJobResponse{
		InvocationSchemaVersion: invocation.SchemaVersion,
		TreatMissingKeysAs:      string(TemporaryFailure),
		InvocationID:            invocation.ID,
		Results:                 results,
	}
}
