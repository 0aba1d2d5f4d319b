package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/semaphore"

	"github.com/presize/presize/functions/pipeline/report"
)

// DeadLetters is one run over the messages of a queue. A message is deleted when each of its changes has ended, well or for
// good: then its failure is in Failures. What a retry may mend, and what cannot be read, stays: it is hidden until the run
// ends, so that it is tried once, and then visible to the next one. SQS may deliver a message twice; that does no harm, since a
// change says what to look at, and not what to do.
type DeadLetters struct {
	Queue    Queue
	URL      string
	Bucket   string // of the changes
	Replayer Replayer
	Limit    *Limit // of messages
	Failures *Failures
	Tally    *Tally
	Memory   int64                    // as Run has it
	Spend    func(inFlight int) error // as Run has it
	Stop     <-chan struct{}          // as Run has it
	Poll     time.Duration            // how long SQS waits for a message before the queue counts as empty; 0: 20 s, its longest
	Hide     time.Duration            // how long a message in work is hidden, over and over; 0: 2 minutes
}

// The times of DeadLetters.
const (
	pollLong  = 20 * time.Second
	hideFor   = 2 * time.Minute
	hideAgain = 2                // times in each Hide, so that one that fails does no harm
	keepFor   = 15 * time.Minute // hides what stays, if the run is killed and cannot show it
	perPoll   = 10               // messages, SQS's most
)

// Letters say what became of the messages.
type Letters struct {
	Deleted    int64
	Kept       int64  // for another try
	Unreadable int64  // as a whole or in part, or about another bucket
	Named      []Stay // of those that stay, the first ones
}

// Stay is a message that stays in the queue.
type Stay struct {
	ID         string
	Unreadable bool
	Err        error
}

// maxNamed bounds Letters.Named.
const maxNamed = 100

// drain is what a run over dead letters has besides what it was given.
type drain struct {
	*DeadLetters

	memory  *semaphore.Weighted
	halt    context.CancelCauseFunc
	working sync.WaitGroup

	mu      sync.Mutex
	known   map[string]*receipt // by message: in work or kept
	letters Letters
	refused refusals
}

// Do replays messages until the queue is empty, Stop is closed, or something ends the run. The error is nil only when the
// queue came to its end.
func (d *DeadLetters) Do(ctx context.Context) (Letters, error) {
	d.Tally.Start()
	feeding, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	w := &drain{DeadLetters: d, halt: halt, memory: semaphore.NewWeighted(max(1, d.Memory)), known: map[string]*receipt{}}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-d.Stop:
			halt(ErrStopped)
		case <-ended:
		}
	}()
	err := w.feed(ctx, feeding)
	w.working.Wait()
	if cause := context.Cause(feeding); cause != nil && (err != nil || !errors.Is(cause, ErrStopped)) {
		err = cause // the reason for whatever receiving made of it
	}
	w.show(ctx)
	return w.letters, errors.Join(err, d.Failures.Close(err == nil))
}

// feed receives messages and starts them.
func (w *drain) feed(ctx, feeding context.Context) error {
	for {
		out, err := w.Queue.ReceiveMessage(feeding, &sqs.ReceiveMessageInput{
			QueueUrl: &w.URL, MaxNumberOfMessages: perPoll,
			WaitTimeSeconds: seconds(w.Poll, pollLong), VisibilityTimeout: seconds(w.Hide, hideFor),
		})
		if err != nil {
			return fmt.Errorf("receiving from %s: %w", w.URL, err)
		}
		if len(out.Messages) == 0 {
			return nil
		}
		var fresh []Letter
		for _, message := range out.Messages {
			if l := open(message, w.Bucket); w.take(ctx, l) {
				fresh = append(fresh, l)
			}
		}
		for i, l := range fresh {
			if err := w.start(ctx, feeding, l); err != nil {
				for _, left := range fresh[i:] {
					w.keep(ctx, left) // for the next run
				}
				return err
			}
		}
	}
}

func (w *drain) start(ctx, feeding context.Context, l Letter) error {
	if err := w.admit(feeding, l); err != nil {
		return err
	}
	w.working.Go(func() {
		defer w.leave(l)
		w.one(ctx, l)
	})
	return nil
}

// admit waits until a message may start.
func (w *drain) admit(feeding context.Context, l Letter) error {
	if err := w.Limit.Acquire(feeding); err != nil {
		return err
	}
	if w.Memory > 0 && w.memory.Acquire(feeding, w.weight(l)) != nil {
		w.Limit.Release()
		return context.Cause(feeding)
	}
	if feeding.Err() != nil {
		w.leave(l)
		return context.Cause(feeding)
	}
	if w.Spend == nil {
		return nil
	}
	inFlight, _ := w.Limit.Now()
	err := w.Spend(inFlight)
	if err != nil {
		w.leave(l)
	}
	return err
}

func (w *drain) leave(l Letter) {
	if w.Memory > 0 {
		w.memory.Release(w.weight(l))
	}
	w.Limit.Release()
}

// weight is a message's share of Memory: its largest original, for they are rendered one after the other.
func (w *drain) weight(l Letter) int64 {
	var largest int64
	for _, change := range l.Changes {
		largest = max(largest, change.Size)
	}
	return min(largest, w.Memory)
}

// one has the changes of a message made up for, and deletes it if nothing is left to do.
func (w *drain) one(ctx context.Context, l Letter) {
	var results []Result
	var err error
	if len(l.Changes) > 0 {
		results, err = w.Replayer.Replay(ctx, l)
	}
	var again error
	for i, result := range results {
		if result.Outcome == report.Retry {
			again = errors.Join(again, &retryable{l.Changes[i].Key, result})
		} else if err == nil {
			err = w.end(l, i, result)
		}
		if err == nil {
			err = w.refused.add(result)
		}
	}
	switch {
	case err != nil:
		w.halt(err)
		w.keep(ctx, l)
	case l.err != nil:
		w.stay(ctx, l, Stay{l.ID, true, l.err})
	case again != nil:
		w.stay(ctx, l, Stay{l.ID, false, again})
	default:
		if err := w.delete(ctx, l); err != nil {
			w.halt(err)
		}
	}
}

// retryable is why a change is to be tried again.
type retryable struct {
	key string
	Result
}

func (r *retryable) Error() string { return fmt.Sprintf("%q: %s: %v", r.key, r.Reason, r.Err) }

func (r *retryable) Unwrap() error { return r.Err }

// end writes down what became of a change: a failure before its message goes.
func (w *drain) end(l Letter, i int, result Result) error {
	w.Tally.ended(result)
	if result.Outcome != report.Failed {
		return nil
	}
	failure := Failure{Original: l.Changes[i].Key, Reason: result.Reason, ETag: l.Changes[i].ETag}
	if result.Err != nil {
		failure.Error = result.Err.Error()
	}
	if err := w.Failures.Add(failure); err != nil {
		return fmt.Errorf("writing the failure of %q: %w", failure.Original, err)
	}
	return nil
}

func seconds(d, otherwise time.Duration) int32 {
	if d == 0 {
		d = otherwise
	}
	return int32(max(1, d/time.Second))
}

func (w *drain) delete(ctx context.Context, l Letter) error {
	handle := w.forget(l)
	_, err := w.Queue.DeleteMessage(context.WithoutCancel(ctx), &sqs.DeleteMessageInput{QueueUrl: &w.URL, ReceiptHandle: aws.String(handle)})
	if err != nil {
		return fmt.Errorf("message %s was replayed and cannot be deleted: %w", l.ID, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.letters.Deleted++
	return nil
}
