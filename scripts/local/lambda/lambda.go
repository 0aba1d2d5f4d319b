package lambda

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Function is what runs, and within which bounds.
type Function struct {
	Name      string            // as AWS_LAMBDA_FUNCTION_NAME
	Bootstrap string            // absolute path of the executable
	Env       map[string]string // the function's own environment, beside what Lambda sets
	Region    string            // default: us-east-1
	MemoryMB  int               // as AWS_LAMBDA_FUNCTION_MEMORY_SIZE; told, not enforced. Default: 2048
	Timeout   time.Duration     // of one invocation. Default: 60 s
	Processes int               // at most at the same time. Default: the number of CPUs

	// RetryWaits is how long a failed event waits before each further attempt. Lambda waits 1 and 2 minutes; the
	// default here is 1 and 2 seconds. An empty, non-nil slice means no retry.
	RetryWaits []time.Duration

	// Begin starts a process, which it may change before: its arguments, what it is allowed. Every process is started on
	// one thread of its own, whose affinity it inherits. Default: (*exec.Cmd).Start
	Begin func(*exec.Cmd) error

	Observer Observer
}

// Observer is told what happens, in order for each invocation, from several goroutines. Any field may be nil.
type Observer struct {
	Started      func(Invocation)                // it reached a process
	Line         func(Invocation, string)        // a line of the process's standard output or error
	Ended        func(Invocation, Result, error) // one attempt is over; every line of it was told before
	DeadLettered func(DeadLetter)                // its last attempt failed
}

// Invocation is one attempt at one event.
type Invocation struct {
	ID      string // the request id; retries keep it
	Attempt int    // from 1
	Payload []byte
}

// Result is what an invocation gave, and what it cost.
type Result struct {
	Payload   []byte
	Log       []string // the lines the process wrote, at most the last maxLog
	Duration  time.Duration
	ColdStart bool // a process was started for it
}

// Error is a failed invocation, in the words of Lambda: the function answered with an error ("errorType" of its own),
// ended (Runtime.ExitError), or ran out of time (Sandbox.Timedout).
type Error struct {
	Type    string
	Message string
	Payload []byte // what the function sent; empty when it did not get to it
}

func (e *Error) Error() string { return e.Type + ": " + e.Message }

// The types of errors that are Lambda's, not the function's.
const (
	ExitError        = "Runtime.ExitError"
	InitError        = "Runtime.InitError"
	TimedOut         = "Sandbox.Timedout"
	ResponseTooLarge = "Function.ResponseSizeTooLarge"
)

// ErrClosed is returned for what comes after Close.
var ErrClosed = errors.New("lambda: closed")

// maxLog is how many lines a Result keeps.
const maxLog = 1000

// initLimit is the time a process gets to ask for its first invocation, as on Lambda.
const initLimit = 10 * time.Second

// settleLimit is how long a result waits at most for its process to be ready again.
const settleLimit = 50 * time.Millisecond

// Counters count since the start. Invocations counts attempts: one for every time a process was handed an event.
type Counters struct {
	Events      int `json:"events"`      // queued in all
	Pending     int `json:"pending"`     // queued, and neither done nor dead letters yet
	Running     int `json:"running"`     // now
	Invocations int `json:"invocations"` // attempts
	Retries     int `json:"retries"`
	Errors      int `json:"errors"` // failed attempts
	DeadLetters int `json:"deadLetters"`
	ColdStarts  int `json:"coldStarts"`
	Processes   int `json:"processes"` // alive now
}

// Lambda runs one function. It is safe for use by several goroutines.
type Lambda struct {
	function Function
	starts   chan func()    // run on the one thread that starts processes
	slots    chan struct{}  // one token for each process that may be busy
	killed   chan struct{}  // closed when what runs is given up
	running  sync.WaitGroup // every sandbox

	mu          sync.Mutex
	changed     *sync.Cond // pending
	closed      bool
	pending     int // events whose last word is not spoken
	idle        []*sandbox
	counters    Counters
	deadLetters []DeadLetter
}

// Start checks the function and makes it ready. No process runs before the first invocation.
func Start(function Function) (*Lambda, error) {
	info, err := os.Stat(function.Bootstrap)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the function's bootstrap: %w", err)
	case info.IsDir() || info.Mode()&0o111 == 0:
		return nil, fmt.Errorf("the function's bootstrap %s is not an executable file", function.Bootstrap)
	case !filepath.IsAbs(function.Bootstrap):
		return nil, fmt.Errorf("the function's bootstrap %s is not an absolute path", function.Bootstrap)
	}
	fill(&function)
	l := &Lambda{
		function: function,
		starts:   make(chan func()),
		slots:    make(chan struct{}, function.Processes),
		killed:   make(chan struct{}),
	}
	l.changed = sync.NewCond(&l.mu)
	go l.startProcesses()
	return l, nil
}

func fill(f *Function) {
	if f.Region == "" {
		f.Region = "us-east-1"
	}
	if f.MemoryMB == 0 {
		f.MemoryMB = 2048
	}
	if f.Timeout == 0 {
		f.Timeout = time.Minute
	}
	if f.Processes == 0 {
		f.Processes = runtime.NumCPU()
	}
	if f.RetryWaits == nil {
		f.RetryWaits = []time.Duration{time.Second, 2 * time.Second}
	}
	if f.Begin == nil {
		f.Begin = (*exec.Cmd).Start
	}
	if f.Observer.Started == nil {
		f.Observer.Started = func(Invocation) {}
	}
	if f.Observer.Line == nil {
		f.Observer.Line = func(Invocation, string) {}
	}
	if f.Observer.Ended == nil {
		f.Observer.Ended = func(Invocation, Result, error) {}
	}
	if f.Observer.DeadLettered == nil {
		f.Observer.DeadLettered = func(DeadLetter) {}
	}
}

// startProcesses starts every process from one thread that lives as long as l: Linux ends a child when the thread that
// started it ends, which is how no process outlives this one.
func (l *Lambda) startProcesses() {
	runtime.LockOSThread()
	for start := range l.starts {
		start()
	}
}

// Invoke runs the function once, without retries, and waits for its answer. The error is an *Error when the function
// failed. When ctx ends first, the process is killed.
func (l *Lambda) Invoke(ctx context.Context, payload []byte) (Result, error) {
	if l.isClosed() {
		return Result{}, ErrClosed
	}
	return l.attempt(ctx, Invocation{ID: NewID(), Attempt: 1, Payload: payload})
}

// attempt waits for a process and gives it the invocation.
func (l *Lambda) attempt(ctx context.Context, invocation Invocation) (Result, error) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	case <-l.killed:
		return Result{}, ErrClosed
	}
	l.count(func(c *Counters) { c.Running++; c.Invocations++ })
	s, result, err := l.run(ctx, newDelivery(invocation))
	l.count(func(c *Counters) {
		c.Running--
		if err != nil {
			c.Errors++
		}
	})
	l.function.Observer.Ended(invocation, result, err)
	l.giveBack(s)
	return result, err
}

// run gives the invocation to a warm process, or to a new one, and returns which; none when it did not start.
func (l *Lambda) run(ctx context.Context, d *delivery) (*sandbox, Result, error) {
	for {
		s := l.takeIdle()
		cold := s == nil
		if cold {
			var err error
			if s, err = l.startSandbox(ctx, d); err != nil {
				return nil, Result{}, &Error{Type: InitError, Message: err.Error()}
			}
		}
		result, err := s.run(ctx, d)
		if errors.Is(err, errGone) && !cold {
			continue // it ended while it was idle: nobody's failure
		}
		result.ColdStart = cold
		return s, result, err
	}
}

func (l *Lambda) takeIdle() *sandbox {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.idle) == 0 {
		return nil
	}
	s := l.idle[len(l.idle)-1]
	l.idle = l.idle[:len(l.idle)-1]
	return s
}

// giveBack frees the slot of a process when it asks for its next invocation, or is gone. That is nearly always at once,
// so it is waited for shortly: then a caller's next invocation finds the process warm.
func (l *Lambda) giveBack(s *sandbox) {
	if s == nil {
		<-l.slots
		return
	}
	back := make(chan struct{})
	go func() {
		defer close(back)
		alive := s.awaitNext(l.function.Timeout) == nil
		l.mu.Lock()
		if alive && !l.givenUp() {
			l.idle = append(l.idle, s)
		} else {
			s.kill()
		}
		l.mu.Unlock()
		<-l.slots
	}()
	select {
	case <-back:
	case <-time.After(settleLimit):
	}
}

// Counters returns the present counts.
func (l *Lambda) Counters() Counters {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counters
}

func (l *Lambda) count(change func(*Counters)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.counters)
}

func (l *Lambda) givenUp() bool {
	select {
	case <-l.killed:
		return true
	default:
		return false
	}
}

func (l *Lambda) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// Drain waits until every queued event has succeeded or is a dead letter.
func (l *Lambda) Drain(ctx context.Context) error {
	wake := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.changed.Broadcast()
	})
	defer wake()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.pending > 0 && ctx.Err() == nil {
		l.changed.Wait()
	}
	if l.pending > 0 {
		return ctx.Err()
	}
	return nil
}

// Close takes no more events, waits for those that are queued until ctx ends, and ends every process. Its error says
// that events were given up.
func (l *Lambda) Close(ctx context.Context) error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()

	err := l.Drain(ctx)
	close(l.killed)
	l.mu.Lock()
	for _, s := range l.idle {
		s.kill()
	}
	l.idle = nil
	l.mu.Unlock()
	for range l.function.Processes { // nothing starts a process any more
		l.slots <- struct{}{}
	}
	l.running.Wait()
	close(l.starts)
	if err != nil {
		return fmt.Errorf("events were given up: %w", err)
	}
	return nil
}
