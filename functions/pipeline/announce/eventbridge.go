package announce

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	smithy "github.com/aws/smithy-go"
	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline/report"
)

// What rules match by, besides the event's own fields, which are the detail.
const (
	Source        = "presize"
	DetailReady   = "Presize Variants Ready"   // status ready or partial
	DetailFailed  = "Presize Original Failed"  // status failed
	DetailRemoved = "Presize Original Removed" // status removed
)

// envelope is what EventBridge wraps around the detail, in bytes, generously: ids, account, region, names.
const envelope = 1 << 10

// EventBridge announces to a bus.
type EventBridge struct {
	client *eventbridge.Client
	bus    string // name or ARN
	region string // of the ARN; empty: the client's
	wait   time.Duration
}

// busName is what the API reference of CreateEventBus allows. It is compiled when it is asked for: that takes 0.5 ms, which
// no cold start without a bus should pay.
var busName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[/.A-Za-z0-9_-]{1,256}$`) })

// NewEventBridge announces to the bus of this name or ARN.
func NewEventBridge(client *eventbridge.Client, bus string) (*EventBridge, error) {
	e := &EventBridge{client: client, bus: bus, wait: 100 * time.Millisecond}
	parsed, err := arn.Parse(bus)
	switch {
	case err == nil && parsed.Service == "events" && parsed.Region != "" && len(parsed.Resource) > len("event-bus/") && parsed.Resource[:len("event-bus/")] == "event-bus/":
		e.region = parsed.Region
	case !busName().MatchString(bus):
		return nil, fmt.Errorf("event bus is %q; it must be a name like default, or an ARN like arn:aws:events:eu-west-1:123456789012:event-bus/presize", bus)
	}
	return e, nil
}

// maxTries bounds how often an entry is sent that EventBridge took the request of but not the entry itself: the SDK's
// retries do not see that.
const maxTries = 4

// Announce puts one event on the bus.
func (e *EventBridge) Announce(ctx context.Context, event report.Completion) error {
	detailType := map[report.Status]string{report.StatusFailed: DetailFailed, report.StatusRemoved: DetailRemoved}[event.Status]
	if detailType == "" {
		detailType = DetailReady
	}
	_, detail, err := event.Fit(maxBytes - envelope)
	if err != nil {
		return err
	}
	entry := types.PutEventsRequestEntry{
		EventBusName: &e.bus, Source: aws.String(Source), DetailType: &detailType, Detail: aws.String(string(detail)), Time: &event.Time,
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = e.wait
	_, err = backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, e.put(ctx, entry) },
		backoff.WithBackOff(pause), backoff.WithMaxTries(maxTries))
	return e.describe(event, err)
}

// put sends one entry. Its error is backoff's permanent one unless trying again here may help.
func (e *EventBridge) put(ctx context.Context, entry types.PutEventsRequestEntry) error {
	out, err := e.client.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{entry}},
		func(o *eventbridge.Options) {
			if e.region != "" {
				o.Region = e.region
			}
		})
	if err != nil {
		return backoff.Permanent(err)
	}
	for _, result := range out.Entries {
		code := aws.ToString(result.ErrorCode)
		refused := &smithy.GenericAPIError{Code: code, Message: aws.ToString(result.ErrorMessage)}
		switch code {
		case "":
		case "ThrottlingException", "InternalFailure", "InternalException":
			return refused
		default:
			return backoff.Permanent(refused)
		}
	}
	if out.FailedEntryCount > 0 {
		return &smithy.GenericAPIError{Code: "FailedEntry", Message: "the entry failed, and the answer does not say why"}
	}
	return nil
}

func (e *EventBridge) describe(event report.Completion, err error) error {
	if err == nil {
		return nil
	}
	where := "the EventBridge bus " + e.bus
	api, _ := errors.AsType[smithy.APIError](err)
	if api == nil {
		return failed(event, where, nil, err, "")
	}
	switch api.ErrorCode() {
	case "AccessDeniedException", "AccessDenied", "NotAuthorizedForSourceException", "NotAuthorizedForDetailTypeException":
		return failed(event, where, ErrDenied, err, "the function's role needs events:PutEvents on it, for the source "+Source)
	case "ResourceNotFoundException":
		return failed(event, where, ErrNotFound, err, "create it, or correct its name")
	default:
		return failed(event, where, nil, err, "")
	}
}
