package engine

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Run is one run over the originals that Items walks.
type Run struct {
	Items      Items
	Way        Way
	Limit      *Limit
	Checkpoint *Checkpoint // as OpenCheckpoint gives it, or a new one
	Failures   *Failures
	Tally      *Tally
	Retry      Retry
	// Memory bounds the bytes of the originals in flight, which the way here holds; 0: not at all. An original that is
	// larger goes alone.
	Memory int64
	// Spend is asked before each original is started, with the number in flight, it among them; an error ends the run as Stop
	// does. nil: nobody is.
	Spend func(inFlight int) error
	// Stop, once closed, ends the run when what is in flight has ended. The context ends it at once.
	Stop <-chan struct{}
}

// The ways in which a run ends before its originals do.
var (
	ErrStopped = errors.New("stopped")
	// ErrRefused says that S3 or Lambda refused one original after the other.
	ErrRefused = errors.New("access was denied for one original after the other")
	// ErrUnseen says that the function rendered nothing that was looked for.
	ErrUnseen = errors.New("the variants of one original after the other did not appear; is this presets.yaml deployed?")
)

// state is what a run has besides what it was given.
type state struct {
	*Run

	memory  *semaphore.Weighted
	feeding context.Context //nolint:containedctx // of the walk and of waiting; it ends before that of the work does
	halt    context.CancelCauseFunc

	refused refusals

	mu   sync.Mutex
	left bool // an original was begun and not ended
}

// Do walks the originals until they end, Stop is closed, or something ends the run. The error is nil only when every
// original has ended, whether it was rendered or failed: then the checkpoint is gone. Otherwise it is kept, and the error
// wraps ErrStopped, or what ended the run.
func (r *Run) Do(ctx context.Context) error {
	if err := r.Checkpoint.Begin(ctx); err != nil {
		return err
	}
	r.Tally.Start()
	feeding, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	s := &state{Run: r, feeding: feeding, halt: halt, memory: semaphore.NewWeighted(max(1, r.Memory))}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-r.Stop:
			halt(ErrStopped)
		case <-ended:
		}
	}()
	var working sync.WaitGroup
	err := s.feed(ctx, &working)
	working.Wait()
	cause := context.Cause(feeding)
	if cause != nil && (err != nil || s.left || !errors.Is(cause, ErrStopped)) {
		err = cause // the reason for whatever the walk made of it
	}
	return r.close(ctx, err)
}

// close keeps the checkpoint of a run that has not come to its end, even when its context has ended.
func (r *Run) close(ctx context.Context, err error) error {
	ctx = context.WithoutCancel(ctx)
	failures := r.Failures.Close(err == nil)
	if err != nil || failures != nil {
		return errors.Join(err, failures, r.Checkpoint.Close(ctx))
	}
	return r.Checkpoint.Finish(ctx)
}
