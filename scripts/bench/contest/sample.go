package contest

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/result"
)

const (
	// An upload of this many ms and more takes part in a few rounds only: it would otherwise take longer than all else
	// together, and what takes long varies little.
	slow       = 6000
	slowRounds = 3
)

// Sample measures every contestant with every file: a warm-up that does not count, then rounds in which each has its turn,
// and at last the peak of memory. progress gets a line for each file and contestant.
func (f *Field) Sample(ctx context.Context, files []result.File, rounds int, progress io.Writer) ([]result.Cell, error) {
	var all []result.Cell
	for _, file := range files {
		if err := f.stepAside(); err != nil {
			return nil, err
		}
		cells, err := f.sample(ctx, file, rounds)
		if err = errors.Join(err, f.stepBack()); err != nil {
			return nil, err
		}
		if err := f.peaks(ctx, file, cells); err != nil {
			return nil, err
		}
		compareSizes(cells)
		for _, c := range cells {
			if _, err := fmt.Fprintln(progress, describe(c)); err != nil {
				return nil, err
			}
		}
		all = append(all, cells...)
	}
	return all, nil
}

func (f *Field) sample(ctx context.Context, file result.File, rounds int) ([]result.Cell, error) {
	cells := make([]result.Cell, len(f.Entrants))
	due := make([]int, len(f.Entrants)) // the rounds of each
	for round := range rounds + 1 {
		for i, e := range f.Entrants {
			cell := &cells[i]
			if round > due[i] {
				continue
			}
			answer, err := f.Ask(ctx, e.Name, protocol.Upload{File: file.Path})
			switch {
			case ctx.Err() != nil:
				return nil, context.Cause(ctx)
			case errors.Is(err, errNoAnswer):
				*cell = result.Cell{File: file.Name, Contestant: e.Name, Cannot: err.Error()}
				due[i] = 0
			case err != nil:
				return nil, err
			case answer.Error != "":
				*cell = result.Cell{File: file.Name, Contestant: e.Name, Cannot: answer.Error}
				due[i] = 0
			case round == 0:
				*cell = result.Cell{File: file.Name, Contestant: e.Name, Short: answer.Short, Variants: variants(answer)}
				due[i] = rounds
				if answer.Wall >= slow {
					due[i] = min(rounds, slowRounds)
				}
			default:
				cell.Samples = append(cell.Samples, result.Sample{CPU: answer.CPU, Wall: answer.Wall})
			}
		}
	}
	return cells, nil
}

func variants(answer protocol.Answer) []result.Variant {
	made := make([]result.Variant, len(answer.Variants))
	for i, v := range answer.Variants {
		made[i] = result.Variant{Preset: v.Preset, Width: v.Width, Height: v.Height, Bytes: v.Bytes}
	}
	return made
}

// stepAside leaves the last processor, which the contestants are held to, where there is another for this process.
func (f *Field) stepAside() error {
	if len(f.cpus) < 2 {
		return nil
	}
	return process.HoldAll(f.cpus[:len(f.cpus)-1])
}

func (f *Field) stepBack() error {
	if len(f.cpus) < 2 {
		return nil
	}
	return process.HoldAll(f.cpus)
}
