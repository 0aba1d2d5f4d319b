package announce

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/presize/presize/functions/pipeline/report"
)

// Announcer sends completion events.
//
// Announce returns nil when the event was taken. Its error is ErrDenied when a permission is missing, ErrNotFound when
// the topic or bus does not exist, and worth a retry in any case: somebody may mend those too.
type Announcer interface {
	Announce(ctx context.Context, event report.Completion) error
}

// The errors that name their own remedy. The text around them says which topic or bus, and which permission.
var (
	ErrDenied   = errors.New("access denied")
	ErrNotFound = errors.New("not found")
)

// maxBytes is the size of the largest event, in bytes of UTF-8, all that is sent with it included.
//
// SNS takes 256 KiB unless the topic's MaximumMessageSize says more, up to 1 MiB (API reference of Publish). EventBridge
// takes 1 MiB since January 2026 ("More room to build", AWS Compute Blog); its API reference of PutEvents said 256 KB
// before, and says so still where that has not arrived. What an event is handed on to, such as a topic of the first
// kind, has limits of its own. 256 KiB fits through all of them.
const maxBytes = 256 << 10

// New makes the announcer for a topic and a bus, of which either or both may be empty. A bus is named or given by its
// ARN. Regions of ARNs go before the configuration's. The error joins everything that is wrong with the two.
func New(configuration aws.Config, topicARN, bus string) (Announcer, error) {
	var all []Announcer
	var wrong []error
	if topicARN != "" {
		announcer, err := NewSNS(sns.NewFromConfig(configuration), topicARN)
		all, wrong = append(all, announcer), append(wrong, err)
	}
	if bus != "" {
		announcer, err := NewEventBridge(eventbridge.NewFromConfig(configuration), bus)
		all, wrong = append(all, announcer), append(wrong, err)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return All(all...), nil
}

// All announces to each of several; one that fails does not keep the others from being told. Without any it announces to
// nobody.
func All(announcers ...Announcer) Announcer {
	if len(announcers) == 1 {
		return announcers[0]
	}
	return several(announcers)
}

type several []Announcer

// Announce tells each, and joins what went wrong.
func (s several) Announce(ctx context.Context, event report.Completion) error {
	failures := make([]error, len(s))
	for i, announcer := range s {
		failures[i] = announcer.Announce(ctx, event)
	}
	return errors.Join(failures...)
}

// failed says of an error what was tried, and where the caller can do something about it, what.
func failed(event report.Completion, where string, kind, err error, remedy string) error {
	switch {
	case kind != nil:
		return fmt.Errorf("sending the %v to %s: %w: %s: %w", event, where, kind, remedy, err)
	default:
		return fmt.Errorf("sending the %v to %s: %w", event, where, err)
	}
}
