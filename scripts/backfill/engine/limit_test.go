package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/presize/presize/scripts/backfill/engine"
)

func TestLimit(t *testing.T) {
	l := engine.NewLimit(16)
	round := func() {
		t.Helper()
		_, allowed := l.Now()
		for range allowed {
			if err := l.Acquire(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for range allowed {
			l.Release()
		}
	}
	expect := func(want int) {
		t.Helper()
		if _, allowed := l.Now(); allowed != want {
			t.Fatalf("%d allowed, want %d", allowed, want)
		}
	}
	round()
	expect(16) // never more than the most
	l.Throttled()
	l.Throttled() // of the same shortage
	expect(8)
	round()
	expect(9)
	l.Throttled()
	expect(4)
	for range 20 {
		round()
	}
	expect(16)
	for range 10 {
		l.Throttled()
		round()
	}
	if _, allowed := l.Now(); allowed < 1 || allowed > 2 {
		t.Errorf("%d allowed under lasting throttling", allowed)
	}
}

func TestLimitWaits(t *testing.T) {
	l := engine.NewLimit(0) // one at least
	if err := l.Acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Acquire(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	l.Release()
	if err := l.Acquire(t.Context()); err != nil {
		t.Error(err)
	}
}
