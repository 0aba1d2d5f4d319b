package engine

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Checkpoint remembers which originals of a run have ended, so that a run that was stopped or killed goes on where it
// was. Its zero value remembers for this run only.
type Checkpoint struct {
	mu      sync.Mutex
	journal Journal // nil: none
	about   []Field
	order   order
	above   map[string]bool // what has ended above order.through; true: it failed
	before  Count
	count   Count // before, and what has ended since
	begun   bool
	started time.Time // of the first of the runs that were resumed
	lines   int
	written time.Time
}

// Field is one thing that tells a run from another one, named as the flag that sets it: "--prefix".
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Count is how many originals have ended.
type Count struct {
	Ended  int64 // originals, the failed ones among them
	Failed int64
}

// OpenCheckpoint reads the journal and writes nothing. A journal that is about something else than this run is a
// *ForeignError, unless anew leaves it out.
func OpenCheckpoint(ctx context.Context, journal Journal, about []Field, anew bool) (*Checkpoint, error) {
	c := &Checkpoint{journal: journal, about: about}
	c.prepare()
	data, err := journal.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint %s cannot be used: %w; name another place with --checkpoint, or none", journal, err)
	}
	if anew {
		data = nil
	}
	if err := c.read(data); err != nil {
		_ = journal.Close()
		return nil, err
	}
	c.before = c.count
	if c.started.IsZero() {
		c.started = time.Now()
	}
	return c, nil
}

// Begin writes the journal for the first time. Nothing is rendered before that.
func (c *Checkpoint) Begin(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun = true
	if c.journal == nil {
		return nil
	}
	return c.rewrite(ctx)
}

func (c *Checkpoint) prepare() {
	if c.above == nil {
		c.above = map[string]bool{}
		c.order.passed = func(key string) { delete(c.above, key) }
	}
}

// Name is where it is kept; empty: nowhere.
func (c *Checkpoint) Name() string {
	if c.journal == nil {
		return ""
	}
	return c.journal.String()
}

// Before is what the runs did that this one resumes.
func (c *Checkpoint) Before() Count { return c.before }

// Started is when the run began, or the first one of those that this one resumes; zero when that is not kept.
func (c *Checkpoint) Started() time.Time { return c.started }

// Through is the key of the original up to which, in the order of the walk, every one has ended; empty when nothing is
// known.
func (c *Checkpoint) Through() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.through
}

// Listed says that the walk has come to an original. It is called once for each, before Pass and End of it, in an order
// that is the same for every run; a run that has no such order does not call it. It is true for an original that has
// ended in a run before: the walk leaves it out.
func (c *Checkpoint) Listed(key string) (ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prepare()
	_, ended = c.above[key]
	c.order.listed(key, ended)
	return ended
}

// Ended says whether an original has ended, in this run or before, when the walk has no order.
func (c *Checkpoint) Ended(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ended := c.above[key]
	return ended
}

// Pass says that an original needs nothing. That is not written down: the next run finds the same.
func (c *Checkpoint) Pass(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prepare()
	c.order.pass(key)
}

// End writes down that an original has ended. An error says that it could not be, and that the run should stop.
func (c *Checkpoint) End(ctx context.Context, key string, failed bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prepare()
	c.add(key, failed)
	c.order.end(key)
	if c.journal == nil {
		return nil
	}
	if err := c.journal.Append(ctx, endLine(key, failed)); err != nil {
		return fmt.Errorf("writing the checkpoint %s: %w", c.journal, err)
	}
	if c.lines++; c.journal.Due(c.lines, time.Since(c.written)) {
		return c.rewrite(ctx)
	}
	return nil
}

// Finish removes the journal of a run that has come to its end.
func (c *Checkpoint) Finish(ctx context.Context) error {
	if c.journal == nil {
		return nil
	}
	if err := c.journal.Remove(ctx); err != nil {
		return fmt.Errorf("removing the checkpoint %s: %w", c.journal, err)
	}
	return c.journal.Close()
}

// Close keeps the journal for the next run.
func (c *Checkpoint) Close(ctx context.Context) error {
	if c.journal == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun {
		if err := c.rewrite(ctx); err != nil {
			return err
		}
	}
	return c.journal.Close()
}
