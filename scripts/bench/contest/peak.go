package contest

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/result"
)

// peaks measures the memory of processes that render one file once, as many as there are samples of their time. No clock
// runs, so each processor has one to do.
func (f *Field) peaks(ctx context.Context, file result.File, cells []result.Cell) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, len(f.cpus)))
	var mutex sync.Mutex
	for i, cell := range cells {
		for n := range cell.Samples {
			group.Go(func() error {
				peak, err := f.peak(ctx, f.Entrants[i], n, file)
				mutex.Lock()
				defer mutex.Unlock()
				if err == nil {
					cells[i].Peaks = append(cells[i].Peaks, peak)
				}
				return err
			})
		}
	}
	return group.Wait()
}

// peak is the most memory in bytes that a fresh process had resident until it had rendered file.
func (f *Field) peak(ctx context.Context, e Entrant, turn int, file result.File) (int64, error) {
	cpus := f.last(e.Cores)
	if e.Cores < len(f.cpus) {
		from := turn % (len(f.cpus) - e.Cores + 1)
		cpus = f.cpus[from : from+e.Cores]
	}
	w, err := start(e, cpus)
	if err != nil {
		return 0, err
	}
	if _, err := w.ask(ctx, protocol.Upload{File: file.Path}, timeout); err != nil {
		return 0, w.kill(err)
	}
	peak, err := process.Peak(w.command.Process.Pid)
	if err := w.end(); err != nil {
		return 0, fmt.Errorf("%w%s", w.failure(file.Name, err), w.said)
	}
	if err == nil && peak == 0 {
		peak = process.PeakAfter(w.command.ProcessState)
	}
	return peak, err
}
