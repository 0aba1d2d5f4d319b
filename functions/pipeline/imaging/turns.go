package imaging

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// turns lets as many decode rows of HEIC's tiles at the same time as there are processors, whoever asks for it, and has
// Go's garbage collector wait until the last of them is done. The collector stops every goroutine for a moment, and one in
// WebAssembly stops when it returns, after 300 ms, until when all the others stand still: on two processors an iPhone's
// photo took 1.5 seconds instead of 1.0. What decoding leaves behind, 62 MiB each, goes at the end of a turn.
type turns struct {
	mu      sync.Mutex
	ended   *sync.Cond
	begun   int // in this turn
	running int
	percent int // at which the collector begins, but for turns
}

var decoding = newTurns()

func newTurns() *turns {
	var t turns
	t.ended = sync.NewCond(&t.mu)
	return &t
}

// enter waits until there is a place in a turn.
func (t *turns) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.begun >= runtime.GOMAXPROCS(0) {
		t.ended.Wait()
	}
	if t.begun == 0 {
		t.percent = debug.SetGCPercent(-1)
	}
	t.begun++
	t.running++
}

// leave ends the turn where it was the last one's.
func (t *turns) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	if t.running > 0 {
		return
	}
	runtime.GC()
	debug.SetGCPercent(t.percent)
	t.begun = 0
	t.ended.Broadcast()
}
