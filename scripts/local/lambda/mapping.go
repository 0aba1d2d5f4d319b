package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// What a batch holds at most: messages, as the event source mapping of the queue may be told, and bytes of their bodies,
// which leaves room for the rest in the 6 MB of an invocation.
const (
	maxBatch      = 1000
	maxBatchBytes = 3 << 20
)

// Mapping hands messages to a function as an SQS queue and its event source mapping do: gathered for a while, many in one
// invocation, which answers with those that failed. A failed message comes again, after the waits that the function has for
// retries, and becomes a dead letter by itself. It is safe for use by several goroutines.
type Mapping struct {
	lambda *Lambda
	window time.Duration

	mu      sync.Mutex
	waiting []message
	bytes   int
	timer   *time.Timer // of the batch that gathers; nil when nothing waits
}

type message struct {
	id      string
	body    []byte
	attempt int // from 1
}

// Map makes a mapping. The window is how long the first message of a batch waits for others.
func (l *Lambda) Map(window time.Duration) *Mapping { return &Mapping{lambda: l, window: window} }

// Send queues a message. It does not wait for anything to become of it; Drain and Close do.
func (m *Mapping) Send(body []byte) error {
	if err := m.lambda.admit(); err != nil {
		return err
	}
	m.gather(message{id: NewID(), body: slices.Clone(body), attempt: 1})
	return nil
}

// gather adds a message to the batch, which leaves when it is full or its window is over.
func (m *Mapping) gather(one message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.waiting) == maxBatch || len(m.waiting) > 0 && m.bytes+len(one.body) > maxBatchBytes {
		m.leave()
	}
	m.waiting = append(m.waiting, one)
	m.bytes += len(one.body)
	if m.timer == nil {
		m.timer = time.AfterFunc(m.window, func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.leave()
		})
	}
}

// leave sends the batch on its way; m.mu is held.
func (m *Mapping) leave() {
	if m.timer != nil {
		m.timer.Stop()
	}
	batch := m.waiting
	m.waiting, m.bytes, m.timer = nil, 0, nil
	if len(batch) > 0 {
		go m.deliver(batch)
	}
}

// deliver invokes the function once and treats each message as the answer says.
func (m *Mapping) deliver(batch []message) {
	payload, err := m.envelope(batch)
	var result Result
	if err == nil {
		result, err = m.lambda.attempt(context.Background(), Invocation{ID: NewID(), Attempt: 1, Payload: payload})
	}
	var failed map[string]bool
	if err == nil {
		failed, err = failures(result.Payload)
	}
	for _, one := range batch {
		switch {
		case errors.Is(err, ErrClosed), err == nil && !failed[one.id]:
			m.lambda.settle()
		case err != nil:
			m.again(one, err)
		default:
			m.again(one, fmt.Errorf("the function reported message %s as failed", one.id))
		}
	}
}

// again gathers a failed message anew after its wait, or buries it.
func (m *Mapping) again(one message, err error) {
	l := m.lambda
	waits := l.function.RetryWaits
	if one.attempt > len(waits) {
		l.bury(DeadLetter{ID: one.id, Time: time.Now(), Payload: one.body, Attempts: one.attempt, Err: err})
		l.settle()
		return
	}
	go func() {
		select {
		case <-time.After(waits[one.attempt-1]):
			l.count(func(c *Counters) { c.Retries++ })
			one.attempt++
			m.gather(one)
		case <-l.killed:
			l.settle()
		}
	}()
}

// envelope is the event that the messages make.
func (m *Mapping) envelope(batch []message) ([]byte, error) {
	region := m.lambda.function.Region
	records := make([]events.SQSMessage, len(batch))
	for i, one := range batch {
		records[i] = events.SQSMessage{
			MessageId: one.id, ReceiptHandle: one.id, Body: string(one.body), EventSource: "aws:sqs", AWSRegion: region,
			EventSourceARN: "arn:aws:sqs:" + region + ":" + account + ":" + m.lambda.function.Name,
			Attributes:     map[string]string{"ApproximateReceiveCount": strconv.Itoa(one.attempt)},
		}
	}
	return json.Marshal(events.SQSEvent{Records: records})
}

// failures reads an answer. One that cannot be read, or has an empty identifier, fails the whole batch, as on Lambda.
func failures(payload []byte) (map[string]bool, error) {
	var answer events.SQSEventResponse
	if err := json.Unmarshal(payload, &answer); err != nil {
		return nil, fmt.Errorf("the answer to the batch is none: %w", err)
	}
	failed := map[string]bool{}
	for _, one := range answer.BatchItemFailures {
		if one.ItemIdentifier == "" {
			return nil, errors.New("the answer to the batch names a failure without an identifier")
		}
		failed[one.ItemIdentifier] = true
	}
	return failed, nil
}
