package invoke

import (
	"context"

	"github.com/presize/presize/functions/pipeline/report"
)

// malformedEvent is the reason of what is no event.
const malformedEvent = "malformed-event"

// malformed logs and counts a record that is no event, as an original without a key.
func (h *Handler) malformed(ctx context.Context, message string, err error) {
	if message != "" {
		h.Log.WarnContext(ctx, "event", "outcome", "failed", "reason", malformedEvent, "message_id", message)
	}
	h.Pipeline.Report(ctx, report.Original{Outcome: report.Failed, Reason: malformedEvent, Err: err})
}
