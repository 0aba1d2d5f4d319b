package engine

import (
	"context"
	"sync"
)

// Limit bounds the originals in flight. It starts at its most. When S3 asks for fewer requests it is halved, and it
// grows by one whenever as many originals as it allows have ended in peace: additive increase, multiplicative decrease,
// as TCP shares a line with others.
type Limit struct {
	mu       sync.Mutex
	most     int
	allowed  int
	inFlight int
	peaceful int // originals that ended since the last growth or halving
	deaf     int // originals that have to end before the next halving: one shortage makes many calls fail at once
	changed  chan struct{}
}

// NewLimit allows most originals in flight, and one at least.
func NewLimit(most int) *Limit {
	most = max(1, most)
	return &Limit{most: most, allowed: most, changed: make(chan struct{}, 1)}
}

// Acquire waits until another original may start. One goroutine at a time may call it.
func (l *Limit) Acquire(ctx context.Context) error {
	for {
		l.mu.Lock()
		if l.inFlight < l.allowed {
			l.inFlight++
			l.mu.Unlock()
			return nil
		}
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.changed:
		}
	}
}

// Release says that an original has ended.
func (l *Limit) Release() {
	l.mu.Lock()
	l.inFlight--
	l.deaf = max(0, l.deaf-1)
	if l.peaceful++; l.peaceful >= l.allowed {
		l.peaceful, l.allowed = 0, min(l.most, l.allowed+1)
	}
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// Throttled says that S3, or Lambda, asked for fewer requests.
func (l *Limit) Throttled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peaceful = 0
	if l.deaf == 0 {
		l.allowed = max(1, l.allowed/2)
		l.deaf = l.allowed
	}
}

// Now is how many originals are in flight, and how many may be.
func (l *Limit) Now() (inFlight, allowed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inFlight, l.allowed
}
