package contest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/result"
)

const peakTimes = 3

// peaks measures the memory of processes that render one file once. No clock runs, so each processor has one to do.
func (f *Field) peaks(ctx context.Context, file result.File, cells []result.Cell) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, len(f.cpus)))
	var mutex sync.Mutex
	found := make([][]int64, len(cells))
	for i, cell := range cells {
		times := peakTimes
		if len(cell.Samples) == 0 {
			times = 0
		} else if cell.Samples[0].Wall >= slow {
			times = 1
		}
		for n := range times {
			group.Go(func() error {
				peak, err := f.peak(ctx, f.Entrants[i], n, file)
				mutex.Lock()
				defer mutex.Unlock()
				found[i] = append(found[i], peak)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i := range cells {
		if n := len(found[i]); n > 0 {
			slices.Sort(found[i])
			cells[i].Peak = found[i][n/2]
		}
	}
	return nil
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
