package contest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/process"
)

// timeout is what an upload may take: jimp needs some seconds for 24 megapixels, and CI's machines are slow.
const timeout = 3 * time.Minute

// Field is the contestants of one run. Each is started at its first upload and lives until Close, or until it fails.
type Field struct {
	Entrants []Entrant

	cpus    []int // that this process could use from the start; empty where nothing can be pinned
	running map[string]*worker
}

// NewField takes in those entrants for whom the machine has processors enough; Close must be called. Each is held to the
// last of the processors.
func NewField(entrants []Entrant) (*Field, error) {
	cpus, err := process.Allowed()
	if err != nil {
		return nil, err
	}
	f := &Field{cpus: cpus, running: map[string]*worker{}}
	for _, e := range entrants {
		if !f.Pinned() || e.Cores <= len(cpus) {
			f.Entrants = append(f.Entrants, e)
		}
	}
	if len(f.Entrants) == 0 {
		return nil, errors.New("no contestant takes part")
	}
	return f, nil
}

// Pinned says whether contestants are held to their processors.
func (f *Field) Pinned() bool { return len(f.cpus) > 0 }

// CPU is the processor that a contestant on one core is held to; negative where there is no other for the rest.
func (f *Field) CPU() int {
	if len(f.cpus) < 2 {
		return -1
	}
	return f.cpus[len(f.cpus)-1]
}

// last are the last n processors; none where nothing can be pinned.
func (f *Field) last(n int) []int {
	return f.cpus[max(0, len(f.cpus)-n):]
}

// Ask has a contestant render one upload. Its answer may be that it cannot; an error is of its process, which is
// started anew for the next.
func (f *Field) Ask(ctx context.Context, contestant string, upload protocol.Upload) (protocol.Answer, error) {
	w, err := f.worker(contestant)
	if err != nil {
		return protocol.Answer{}, err
	}
	answer, err := w.ask(ctx, upload, timeout)
	if err != nil {
		delete(f.running, contestant)
		return protocol.Answer{}, w.kill(err)
	}
	return answer, nil
}

func (f *Field) worker(contestant string) (*worker, error) {
	if w := f.running[contestant]; w != nil {
		return w, nil
	}
	i := slices.IndexFunc(f.Entrants, func(e Entrant) bool { return e.Name == contestant })
	if i < 0 {
		return nil, fmt.Errorf("no contestant %q takes part", contestant)
	}
	w, err := start(f.Entrants[i], f.last(f.Entrants[i].Cores))
	if err == nil {
		f.running[contestant] = w
	}
	return w, err
}

// Close ends every contestant.
func (f *Field) Close() error {
	var all []error
	for name, w := range f.running {
		if err := w.end(); err != nil {
			all = append(all, fmt.Errorf("contestant %s: %w%s", name, err, w.said))
		}
	}
	clear(f.running)
	return errors.Join(all...)
}
