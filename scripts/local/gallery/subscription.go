package gallery

import "context"

// Subscription is one watcher of a gallery. A slow one misses steps in between, never the last.
type Subscription struct {
	gallery *Gallery
	wake    chan struct{}
	order   []string        // of dirty's keys
	dirty   map[string]bool // originals that changed since they were last told; guarded by the gallery's mu
	seen    int             // how many completion events were told; likewise
}

// batch is how many originals one Update holds at most.
const batch = 100

// Update is what changed: whole accounts, the keys of originals that are gone, and the completion events that came.
type Update struct {
	Originals   []Original
	Removed     []string
	Completions []Completion
}

// Next waits for changes.
func (s *Subscription) Next(ctx context.Context) (Update, error) {
	for {
		if update := s.take(); len(update.Originals)+len(update.Removed)+len(update.Completions) > 0 {
			return update, nil
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return Update{}, ctx.Err()
		}
	}
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.gallery.mu.Lock()
	defer s.gallery.mu.Unlock()
	delete(s.gallery.watchers, s)
}

func (s *Subscription) mark(key string) {
	if !s.dirty[key] {
		s.dirty[key] = true
		s.order = append(s.order, key)
	}
	s.ring()
}

// ring wakes the watcher.
func (s *Subscription) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Subscription) take() Update {
	s.gallery.mu.Lock()
	defer s.gallery.mu.Unlock()
	var update Update
	n := min(batch, len(s.order))
	for _, key := range s.order[:n] {
		delete(s.dirty, key)
		if e := s.gallery.originals[key]; e != nil {
			update.Originals = append(update.Originals, e.clone())
		} else {
			update.Removed = append(update.Removed, key)
		}
	}
	s.order = s.order[n:]
	update.Completions = s.gallery.completionsSince(s.seen)
	s.seen = s.gallery.completed
	return update
}
