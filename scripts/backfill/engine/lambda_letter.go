package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/price"
)

var _ Replayer = (*Lambda)(nil)

// errInvocation is the error of a function whose answer does not say more.
var errInvocation = errors.New("the function failed")

// Replay invokes the function with the message's own event, and waits for its answer: an asynchronous invocation that failed
// would only come back as another dead letter. The answer does not say which originals cannot be rendered; their failure
// records do.
func (l *Lambda) Replay(ctx context.Context, letter Letter) ([]Result, error) {
	out, err := l.Client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: &l.Function, InvocationType: types.InvocationTypeRequestResponse, Payload: letter.Event,
	})
	if err != nil && fatal(err) {
		return nil, fmt.Errorf("invoking the function %q: %w", l.Function, err)
	}
	if err == nil {
		l.count(letter)
		err = refusal(out)
	}
	results := make([]Result, len(letter.Changes))
	for i, change := range letter.Changes {
		if results[i] = (Result{Outcome: report.Retry, Reason: "not-invoked", Err: err}); err == nil {
			results[i] = l.became(ctx, change)
		}
	}
	return results, nil
}

func (l *Lambda) count(letter Letter) {
	if l.Meter == nil {
		return
	}
	usage := price.Usage{Invokes: 1}
	for _, change := range letter.Changes {
		if l.Each != nil && change.Kind == event.Created {
			usage = usage.Plus(l.Each(Item{Key: change.Key}))
		}
	}
	l.Meter.Add(usage)
}

// refusal is why an answer asks for another try; nil when it does not.
func refusal(out *lambda.InvokeOutput) error {
	var answer struct {
		Message  string            `json:"errorMessage"`
		Failures []json.RawMessage `json:"batchItemFailures"`
	}
	err := json.Unmarshal(out.Payload, &answer)
	switch {
	case aws.ToString(out.FunctionError) != "":
		return fmt.Errorf("%w: %s", errInvocation, answer.Message)
	case err != nil:
		return fmt.Errorf("the function's answer was %.60q, and not Presize's: %w", out.Payload, err)
	case len(answer.Failures) > 0:
		return errInvocation
	}
	return nil
}

// became looks what the function left of a change that it has done with.
func (l *Lambda) became(ctx context.Context, change event.Change) Result {
	done := Result{Outcome: report.Done}
	if change.Kind == event.Removed {
		done.Outcome = report.Removed
	}
	key, err := l.Config.FailureKey(change.Key)
	if err != nil {
		return Result{Outcome: report.Skipped, Reason: "not-an-original"}
	}
	there, err := l.Variants.Head(ctx, key)
	mark := pipeline.ReadMark(there.Metadata)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && mark.Original != change.Key:
		return done
	case err != nil:
		return Result{Outcome: report.Retry, Reason: "transient", Err: err}
	}
	return Result{Outcome: report.Failed, Reason: mark.Fingerprint, Err: fmt.Errorf("the function wrote why into %q", key)}
}
