package engine

import (
	"context"
	"fmt"
	"sync"
)

// feed starts the originals.
func (s *state) feed(ctx context.Context, working *sync.WaitGroup) error {
	for item, err := range s.Items(s.feeding) { //nolint:contextcheck // the walk ends before the work does
		if err != nil {
			return fmt.Errorf("walking the originals: %w", err)
		}
		if s.Checkpoint.Ended(item.Key) {
			continue
		}
		if err := s.admit(item); err != nil {
			return err
		}
		working.Go(func() {
			defer s.leave(item)
			s.one(ctx, item)
		})
	}
	return nil
}

// admit waits until an original may start.
func (s *state) admit(item Item) error {
	if err := s.Limit.Acquire(s.feeding); err != nil {
		return err
	}
	if s.Memory > 0 && s.memory.Acquire(s.feeding, s.weight(item)) != nil {
		s.Limit.Release()
		return context.Cause(s.feeding)
	}
	if err := s.goOn(); err != nil {
		s.leave(item)
		return err
	}
	return nil
}

// goOn says whether another original may start, at this very moment.
func (s *state) goOn() error {
	select {
	case <-s.Stop:
		return ErrStopped
	case <-s.feeding.Done():
		return context.Cause(s.feeding)
	default:
	}
	if s.Spend == nil {
		return nil
	}
	inFlight, _ := s.Limit.Now()
	return s.Spend(inFlight)
}

func (s *state) leave(item Item) {
	if s.Memory > 0 {
		s.memory.Release(s.weight(item))
	}
	s.Limit.Release()
}

// weight is an original's share of Memory. One of unknown size counts as nothing: it is rare, or listed in a file.
func (s *state) weight(item Item) int64 { return min(max(0, item.Size), s.Memory) }
