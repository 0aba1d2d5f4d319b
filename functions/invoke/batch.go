package invoke

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
)

// batch sends the tasks of S3 Batch Operations through the pipeline and says of each what became of it.
func (h *Handler) batch(ctx context.Context, envelope event.Envelope) events.S3BatchJobResponse {
	results := make([]events.S3BatchJobResult, len(envelope.Records))
	var changes []event.Change
	var at []int // which of the records
	for i, record := range envelope.Records {
		if record.Err != nil {
			h.malformed(ctx, "", record.Err)
			results[i] = event.TaskResult(record.ID, event.PermanentFailure, described(record.Err))
		}
		for _, change := range record.Changes { // one
			changes, at = append(changes, change), append(at, i)
		}
	}
	for i, result := range h.sync(ctx, changes) {
		code, text := verdict(result.Original)
		results[at[i]] = event.TaskResult(envelope.Records[at[i]].ID, code, text)
	}
	return event.BatchAnswer(envelope.Invocation, results)
}

// verdict is what became of a task's original.
func verdict(original report.Original) (event.ResultCode, string) {
	switch original.Outcome {
	case report.Done:
		return event.Succeeded, "done: " + variantsOf(original)
	case report.Skipped, report.Gone, report.Removed:
		return event.Succeeded, fmt.Sprintf("%s: %s", original.Outcome, original.Reason)
	case report.Failed:
		return event.PermanentFailure, fmt.Sprintf("%s: %v", original.Reason, original.Err)
	default:
		return event.TemporaryFailure, fmt.Sprintf("%s: %v", original.Reason, original.Err)
	}
}

func variantsOf(original report.Original) string {
	if len(original.Variants) == 1 {
		return "1 variant"
	}
	return fmt.Sprintf("%d variants", len(original.Variants))
}

// described is a record's error in the form of the other failures: reason, colon, message.
func described(err error) string {
	if m, ok := errors.AsType[*event.MalformedError](err); ok {
		return fmt.Sprintf("%s: found %s, expected %s, in %q", malformedEvent, m.Found, m.Expected, m.Excerpt)
	}
	return fmt.Sprintf("%s: %v", malformedEvent, err)
}
