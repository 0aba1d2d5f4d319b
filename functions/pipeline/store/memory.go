package store

import (
	"context"
	"fmt"
	"sync"
)

// Memory is a bucket in memory, for tests. It answers as S3 does: ETags are MD5, times are whole seconds.
type Memory struct {
	mu      sync.RWMutex
	objects map[string]remembered
	hook    func(context.Context, Call) error
}

type remembered struct {
	info Info
	body []byte // never changed once it is here
}

var _ Objects = (*Memory)(nil)

// NewMemory is an empty bucket.
func NewMemory() *Memory { return &Memory{objects: map[string]remembered{}} }

// Call is what a hook is told of a call that is about to happen.
type Call struct {
	Method string   // of Objects: "Head", "Open", ...
	Keys   []string // of Delete, all; of List, the prefix; of the others, the one
}

// Hook has f called before every later call, from the caller's goroutine: it may wait, change the bucket, or return an
// error, which the call then returns instead of happening. nil takes it away.
func (m *Memory) Hook(f func(ctx context.Context, call Call) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hook = f
}

// begin is what every call does first.
func (m *Memory) begin(ctx context.Context, method string, keys ...string) error {
	m.mu.RLock()
	hook := m.hook
	m.mu.RUnlock()
	if hook != nil {
		if err := hook(ctx, Call{Method: method, Keys: keys}); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s of %q: %w", method, keys, err)
	}
	if method == "List" {
		return nil
	}
	return checkKey(keys...)
}
