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
	var summary Summary
	var failed []string
	var failures []error
	for _, record := range envelope.Records {
		if err := h.record(ctx, record, &summary); err != nil {
			failed = append(failed, record.ID)
			failures = append(failures, err)
		}
	}
	if envelope.Source == event.SQS {
		return event.SQSAnswer(failed), nil
	}
	return summary, joined(failures)
}

func (h *Handler) record(ctx context.Context, record event.Record, summary *Summary) error {
	switch {
	case record.Err != nil:
		summary.Malformed++
		h.malformed(ctx, record.ID, record.Err)
		return nil //nolint:nilerr // a retry would meet the same
	case record.Skipped != "":
		summary.Skipped++
		h.Log.InfoContext(ctx, "event", "outcome", "skipped", "reason", record.Skipped)
		return nil
	}
	var failures []error
	for _, change := range record.Changes {
		summary.Changes++
		_, err := h.create(ctx, change)
		failures = append(failures, err)
	}
	return joined(failures)
}

// joined is errors.Join, but leaves a single error what it is: Lambda writes an error's type into the dead letter.
func joined(all []error) error {
	all = slices.DeleteFunc(all, func(err error) bool { return err == nil })
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}
