package engine_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/scripts/backfill/engine"
)

func TestLine(t *testing.T) {
	tally := &engine.Tally{Total: 20_000, Dollars: func() float64 { return 0 }, InFlight: func() (int, int) { return 3, 8 }}
	now := engine.Counts{Done: 9_990, Skipped: 5, Gone: 3, Failed: 2, Retries: 14, Took: 100 * time.Second, Dollars: 0.0123}
	const want = "10,000 of 20,000 originals (50%), 100.0/s, 1m40s left; 2 failed, 14 retries, 3 of 8 in flight, $0.0123 so far"
	if got := tally.Line(now); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (&engine.Tally{}).Line(engine.Counts{}); got != "0 originals, 0.0/s; 0 failed, 0 retries" {
		t.Errorf("of nothing: %s", got)
	}
	if got := (&engine.Tally{Total: 2}).Line(engine.Counts{Done: 3, Took: time.Second}); !strings.HasPrefix(got, "3 of 2 originals (100%), 3.0/s; ") {
		t.Errorf("with a newcomer: %s", got)
	}
}

type screen struct {
	mu   sync.Mutex
	text strings.Builder
	said chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.said <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

// Lines end in a line feed and have no control characters; the bar has the same numbers.
func TestProgress(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		out := &screen{said: make(chan struct{}, 1)}
		tally := &engine.Tally{Total: 4}
		tally.Start()
		tally.Retried(true)
		p := &engine.Progress{Out: out, Tally: tally, Terminal: terminal, Every: time.Millisecond}
		stop := p.Show()
		<-out.said
		stop()
		stop()
		text := out.text.String()
		if !strings.Contains(text, "1 retries") || strings.Contains(text, "\r") != terminal || !strings.Contains(text, "4") {
			t.Errorf("terminal %v: %q", terminal, text)
		}
	}
}
