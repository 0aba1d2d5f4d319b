package command

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/scripts/backfill/engine"
)

// shown is --dry-run of dead letters: it prints what they are about, and leaves them where they are.
type shown struct {
	out io.Writer
	mu  sync.Mutex
}

// Replay prints the changes of a message.
func (s *shown) Replay(_ context.Context, letter engine.Letter) ([]engine.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	results := make([]engine.Result, len(letter.Changes))
	for i, change := range letter.Changes {
		results[i].Outcome = report.Retry
		if _, err := fmt.Fprintf(s.out, "%s: %s\n", change.Key, change.Kind); err != nil {
			return nil, err
		}
	}
	return results, nil
}
