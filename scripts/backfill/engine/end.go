package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// maxRefused is how many originals in a row may be refused: one key may have a policy of its own, but not all.
const maxRefused = 20

// one has an original rendered, and writes down what became of it.
func (s *state) one(ctx context.Context, item Item) {
	result, err := s.try(ctx, item)
	if err != nil {
		s.halt(err) // also when it is that of the context, which nobody hears any more
		return
	}
	if result.Outcome == report.Retry {
		s.mu.Lock() // stopped before it could be tried again: the next run does
		defer s.mu.Unlock()
		s.left = true
		return
	}
	if err := s.end(ctx, item, result); err != nil {
		s.halt(err)
	}
}

// end writes down what became of an original: a failure before the checkpoint, which otherwise could hide it.
func (s *state) end(ctx context.Context, item Item, result Result) error {
	failed := result.Outcome == report.Failed
	if failed {
		failure := Failure{Original: item.Key, Reason: result.Reason, ETag: item.ETag}
		if result.Err != nil {
			failure.Error = result.Err.Error()
		}
		if err := s.Failures.Add(failure); err != nil {
			return fmt.Errorf("writing the failure of %q: %w", item.Key, err)
		}
	}
	if err := s.Checkpoint.End(context.WithoutCancel(ctx), item.Key, failed); err != nil {
		return err
	}
	s.Tally.ended(result)
	return s.refused.add(result)
}

// refusals ends a run that is refused everything, or sees nothing of what it asked for. It is safe for use by several goroutines.
type refusals struct {
	mu     sync.Mutex
	inRow  int
	unseen int  // in a row
	seen   bool // variants, ever
}

func (r *refusals) add(result Result) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if result.Reason != NotSeen {
		r.unseen = 0
		r.seen = r.seen || result.Outcome == report.Done
	} else if r.unseen++; !r.seen && r.unseen >= maxRefused {
		return fmt.Errorf("%w (%w)", ErrUnseen, result.Err)
	}
	if !errors.Is(result.Err, store.ErrDenied) && !errors.Is(result.Err, store.ErrNoBucket) {
		r.inRow = 0
		return nil
	}
	if r.inRow++; r.inRow >= maxRefused {
		return fmt.Errorf("%w: %w", ErrRefused, result.Err)
	}
	return nil
}
