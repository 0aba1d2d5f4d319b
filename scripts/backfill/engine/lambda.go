package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/price"
)

// Invoker is the call of *lambda.Client that this way needs.
type Invoker interface {
	Invoke(ctx context.Context, input *lambda.InvokeInput, options ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// Lambda has the deployed function render, by the events that S3 would send it. Lambda queues them and answers at once: an
// original is in flight until its variants are seen.
type Lambda struct {
	Client    Invoker
	Function  string // name or ARN
	Config    *preset.Config
	Bucket    string
	Originals store.Objects
	Variants  store.Objects
	Wait      time.Duration // how long the variants are waited for; 0: they are not looked for
	Meter     *Meter
	Each      func(Item) price.Usage // what the function itself needs for an original, by the plan; nil: not counted
	Poll      Poll
}

var _ Way = (*Lambda)(nil)

// NotSeen is the reason of an original whose variants did not appear in time.
const NotSeen = "not-seen"

// Do invokes the function and waits for the variants.
func (l *Lambda) Do(ctx context.Context, item Item) (Result, error) {
	payload, err := event.S3Notification(item.change(l.Bucket))
	if err != nil {
		return Result{Outcome: report.Failed, Reason: "no-event", Err: err}, nil //nolint:nilerr // it is in the result
	}
	a, err := l.begin(ctx, item)
	if err != nil {
		return Result{Outcome: report.Retry, Reason: "transient", Err: err}, nil //nolint:nilerr // it is in the result
	}
	if err := l.invoke(ctx, payload); err != nil {
		if fatal(err) {
			return Result{}, fmt.Errorf("invoking the function %q: %w", l.Function, err)
		}
		return Result{Outcome: report.Retry, Reason: "not-invoked", Err: err}, nil
	}
	if l.Meter != nil {
		usage := price.Usage{Invokes: 1}
		if l.Each != nil {
			usage = usage.Plus(l.Each(item))
		}
		l.Meter.Add(usage)
	}
	if l.Wait <= 0 {
		return Result{Outcome: report.Done}, nil
	}
	return a.await(ctx)
}

func (l *Lambda) invoke(ctx context.Context, payload json.RawMessage) error {
	out, err := l.Client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: &l.Function, InvocationType: types.InvocationTypeEvent, Payload: payload,
	})
	if err != nil {
		return err
	}
	if out.StatusCode != http.StatusAccepted {
		return fmt.Errorf("Lambda answered %d to an asynchronous invocation instead of %d", out.StatusCode, http.StatusAccepted)
	}
	return nil
}

// fatal says whether every other invocation would fail in the same way: the function is not there, or may not be invoked.
func fatal(err error) bool {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		switch response.HTTPStatusCode() {
		case http.StatusNotFound, http.StatusForbidden, http.StatusUnauthorized:
			return true
		}
	}
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorFault() == smithy.FaultClient && !store.Throttled(err)
}
