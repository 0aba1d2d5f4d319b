package lambda

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"
)

// DeadLetter is an event whose every attempt failed.
type DeadLetter struct {
	ID       string
	Time     time.Time
	Payload  []byte // the event as it was queued
	Attempts int
	Err      error // of the last attempt
}

// Enqueue queues an event, as services that invoke asynchronously do, and returns its request id at once.
func (l *Lambda) Enqueue(payload []byte) (id string, err error) {
	id = NewID()
	return id, l.EnqueueAs(id, payload)
}

// EnqueueAs is Enqueue with a request id that the caller made, by NewID, and so knows before anything happens to it.
func (l *Lambda) EnqueueAs(id string, payload []byte) error {
	if err := l.admit(); err != nil {
		return err
	}
	go l.deliver(Invocation{ID: id, Attempt: 1, Payload: slices.Clone(payload)})
	return nil
}

// admit counts an event that is queued, which settle ends. Its error is ErrClosed.
func (l *Lambda) admit() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	l.pending++
	l.counters.Events++
	l.counters.Pending++
	return nil
}

// deliver attempts an event until it succeeds or no retry is left.
func (l *Lambda) deliver(invocation Invocation) {
	defer l.settle()
	for {
		_, err := l.attempt(context.Background(), invocation)
		switch {
		case err == nil, errors.Is(err, ErrClosed):
			return
		case invocation.Attempt > len(l.function.RetryWaits):
			l.bury(DeadLetter{
				ID: invocation.ID, Time: time.Now(), Payload: invocation.Payload, Attempts: invocation.Attempt, Err: err,
			})
			return
		}
		select {
		case <-time.After(l.function.RetryWaits[invocation.Attempt-1]):
		case <-l.killed:
			return
		}
		l.count(func(c *Counters) { c.Retries++ })
		invocation.Attempt++
	}
}

func (l *Lambda) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending--
	l.counters.Pending--
	l.changed.Broadcast()
}

func (l *Lambda) bury(letter DeadLetter) {
	l.mu.Lock()
	l.deadLetters = append(l.deadLetters, letter)
	l.counters.DeadLetters++
	l.mu.Unlock()
	l.function.Observer.DeadLettered(letter)
}

// DeadLetters returns the events that were given up, oldest first.
func (l *Lambda) DeadLetters() []DeadLetter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.deadLetters)
}

// NewID makes a request id: a version 4 UUID.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
