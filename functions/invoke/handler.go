package invoke

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
)

// Handler answers invocations.
type Handler struct {
	Pipeline *pipeline.Pipeline
	Margin   time.Duration // the work stops this long before the function's timeout
	Log      *slog.Logger
}

// Summary is the answer to whoever invokes the function directly: how many changes ended how. S3, SNS and EventBridge
// do not read it.
type Summary struct {
	Changes   int `json:"changes"`   // went through the pipeline; its log and metrics say how each ended
	Skipped   int `json:"skipped"`   // test events and events about anything else
	Malformed int `json:"malformed"` // records that could not be read
}

// Handle takes an envelope and sends each of its changes through the pipeline.
//
// A record that cannot be read, and an original that cannot be rendered, is logged and counted with its reason, and is
// no error: a retry would meet it again. What a retry may mend is an error for the whole invocation, or, in an SQS
// batch, a failed message. S3 Batch Operations is told of each task what became of it.
func (h *Handler) Handle(ctx context.Context, payload json.RawMessage) (any, error) {
	envelope, err := event.Parse(payload)
	if err != nil {
		h.malformed(ctx, "", err)
		if envelope.Source == event.Batch {
			return nil, err // S3 could take an answer that names no task for success
		}
		return Summary{Malformed: 1}, nil
	}
	if deadline, ok := ctx.Deadline(); ok {
		early, cancel := context.WithDeadlineCause(ctx, deadline.Add(-h.Margin), pipeline.ErrDeadline)
		defer cancel()
		ctx = early
	}
	if envelope.Source == event.Batch {
		return h.batch(ctx, envelope), nil
	}
	summary, failed, failures := h.records(ctx, envelope.Records)
	if envelope.Source == event.SQS {
		return event.SQSAnswer(failed), nil
	}
	return summary, joined(failures)
}

// records handles the records of an envelope together: one deletion and one word to the CDN do for all of them. It
// returns the messages that failed, and why.
func (h *Handler) records(ctx context.Context, records []event.Record) (summary Summary, failed []string, failures []error) {
	var changes []event.Change
	var ids []string // of the changes' messages
	for _, record := range records {
		switch {
		case record.Err != nil:
			summary.Malformed++
			h.malformed(ctx, record.ID, record.Err)
		case record.Skipped != "":
			summary.Skipped++
			h.Log.InfoContext(ctx, "event", "outcome", "skipped", "reason", record.Skipped)
		}
		for _, change := range record.Changes {
			changes, ids = append(changes, change), append(ids, record.ID)
		}
	}
	summary.Changes = len(changes)
	for i, result := range h.sync(ctx, changes) {
		if result.Err != nil {
			failed, failures = append(failed, ids[i]), append(failures, result.Err)
		}
	}
	return summary, failed, failures
}

// joined is errors.Join, but leaves a single error what it is: Lambda writes an error's type into the dead letter.
func joined(all []error) error {
	all = slices.DeleteFunc(all, func(err error) bool { return err == nil })
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}
