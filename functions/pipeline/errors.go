package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Permanent is a failure that the same event meets again however often it is delivered: it is recorded with its reason
// and not retried. Every other error of the pipeline is transient.
type Permanent struct {
	Reason string // a short word: imaging's reasons, and those below
	Err    error
}

func (p *Permanent) Error() string { return fmt.Sprintf("%s: %v", p.Reason, p.Err) }

func (p *Permanent) Unwrap() error { return p.Err }

// The reasons that are not imaging's.
const (
	KeyTaken   = "key-taken"    // another original's variant, or something foreign, stands where a variant should
	KeyTooLong = "key-too-long" // a variant's key would be over 1024 bytes
	Unstorable = "unstorable"   // S3 cannot hold it: its key or metadata is over S3's limits
	Archived   = "archived"     // the original has to be restored from its storage class first
)

// verdict ends the way of an original without a failure.
type verdict struct {
	outcome report.Outcome
	reason  string
}

func (v *verdict) Error() string { return fmt.Sprintf("%s: %s", v.outcome, v.reason) }

func skip(reason string) error { return &verdict{report.Skipped, reason} }

// errUpToDate ends the way of an original of which nothing was missing or stale.
var errUpToDate = skip("up-to-date")

// errNoPreset ends the way of an original that no preset matches, or none of those that are asked for. What was rendered
// of it when one did goes.
var errNoPreset = skip("no-preset-matches")

// errIsVariant ends the way of a variant that was copied below the originals prefix: rendering it again is how loops
// begin. What was rendered of an original that stood there before goes.
var errIsVariant = skip("is-a-variant")

// errGone ends the way of an original that is deleted by now.
var errGone = &verdict{report.Gone, "deleted"}

// errChanged sends an original that was overwritten meanwhile on its way again.
var errChanged = errors.New("the original has changed meanwhile")

var errKeepsChanging = fmt.Errorf("the original changed in each of %d rounds; its event is given back", maxRounds)

// ErrDeadline is the cause of a context that ends shortly before Lambda would end the process.
var ErrDeadline = errors.New("stopped before the function's timeout: give it more time or memory, or a smaller original")

// describe says of a transient error which step met it on which original; verdicts and permanent failures say so
// themselves.
func describe(ctx context.Context, step, key string, err error) error {
	var v *verdict
	var p *Permanent
	if errors.Is(err, errChanged) || errors.As(err, &v) || errors.As(err, &p) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%s of %q: %w: %w", step, key, cause, err)
	}
	return fmt.Errorf("%s of %q: %w", step, key, err)
}

// permanent turns imaging's and storage's refusals into permanent failures and leaves other errors, such as a context's, alone.
func permanent(err error) error {
	var refused *imaging.Error
	switch {
	case errors.As(err, &refused):
		return &Permanent{Reason: string(refused.Reason), Err: refused.Err}
	case errors.Is(err, store.ErrInvalid):
		return &Permanent{Reason: Unstorable, Err: err}
	case errors.Is(err, store.ErrArchived):
		return &Permanent{Reason: Archived, Err: err}
	}
	return err
}

// conclude writes what the way's end means into the report.
func (w *work) conclude() {
	r, err := &w.report, w.err
	var v *verdict
	var p *Permanent
	switch {
	case err == nil:
		r.Outcome = report.Done
	case errors.Is(err, errGone) && w.change.Kind == event.Removed:
		r.Outcome = report.Removed
	case errors.As(err, &v):
		r.Outcome, r.Reason = v.outcome, v.reason
	case errors.As(err, &p):
		r.Outcome, r.Reason, r.Err = report.Failed, p.Reason, p.Err
	case errors.Is(err, ErrDeadline) || errors.Is(err, context.DeadlineExceeded):
		r.Outcome, r.Reason, r.Err = report.Retry, "deadline", err
	case errors.Is(err, store.ErrDenied), errors.Is(err, store.ErrNoBucket):
		// No retry mends the permissions, but somebody will: the event must outlive that, in the dead-letter queue.
		r.Outcome, r.Reason, r.Err = report.Retry, "access-denied", err
	default:
		r.Outcome, r.Reason, r.Err = report.Retry, "transient", err
	}
}
