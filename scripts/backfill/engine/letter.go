package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/presize/presize/functions/pipeline/event"
)

// Queue are the calls of *sqs.Client that dead letters need.
type Queue interface {
	ReceiveMessage(ctx context.Context, input *sqs.ReceiveMessageInput, options ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessage(ctx context.Context, input *sqs.DeleteMessageInput, options ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	ChangeMessageVisibility(ctx context.Context, input *sqs.ChangeMessageVisibilityInput, options ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
}

// Letter is a message of a queue of dead letters.
type Letter struct {
	ID      string
	Event   json.RawMessage // what the function was invoked with, or should have been
	Changes []event.Change

	receipt string // SQS's handle of this delivery
	err     error  // why it, or a part of it, cannot be replayed; nil when it can
}

// Replayer has the changes of dead letters made up for: here, or by the function.
type Replayer interface {
	// Replay says of each change what became of it; outcome Retry leaves the letter in the queue. The error says that no other
	// letter would fare better, and ends the run. Replay is safe for use by several goroutines.
	Replay(ctx context.Context, letter Letter) ([]Result, error)
}

// open reads a message. What it cannot read, and what is about another bucket, is not replayed, and stays.
func open(message types.Message, bucket string) Letter {
	body := []byte(aws.ToString(message.Body))
	l := Letter{ID: aws.ToString(message.MessageId), Event: event.Request(body), receipt: aws.ToString(message.ReceiptHandle)}
	envelope, err := event.Parse(body)
	switch {
	case err != nil:
		l.err = err
	case envelope.Source == event.Batch:
		l.err = errors.New("it is an invocation by S3 Batch Operations, whose job says itself what failed")
	}
	if l.err != nil {
		return l
	}
	for _, record := range envelope.Records {
		if record.Err != nil {
			l.err = errors.Join(l.err, record.Err)
		}
		for _, change := range record.Changes {
			if change.Bucket != bucket {
				l.err = errors.Join(l.err, fmt.Errorf("it is about %q in the bucket %q; --bucket %s is right for it", change.Key, change.Bucket, change.Bucket))
				continue
			}
			l.Changes = append(l.Changes, change)
		}
	}
	return l
}
