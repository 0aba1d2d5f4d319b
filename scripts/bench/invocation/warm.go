package invocation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/presize/presize/scripts/bench/result"
)

// warm invokes both functions for each file, in turn, so that whatever else the machine does meets both alike.
func (b *bench) warm(ctx context.Context) (_ []result.Invocation, err error) {
	blog, err := b.node("blog", "")
	if err != nil {
		return nil, err
	}
	var functions []*function
	for _, c := range []contestant{b.presize(), blog} {
		f, err := b.open(c)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, f.close(ctx)) }()
		functions = append(functions, f)
	}
	var all []result.Invocation
	for _, file := range b.Files {
		b.Progress("invocations: " + file.Name)
		measured, err := b.inTurn(ctx, functions, file)
		if err != nil {
			return nil, fmt.Errorf("invocations for %s: %w", file.Name, err)
		}
		all = append(all, measured...)
	}
	return all, nil
}

// inTurn measures a file. The first round warms up.
func (b *bench) inTurn(ctx context.Context, functions []*function, file result.File) ([]result.Invocation, error) {
	all := make([]result.Invocation, len(functions))
	for i, f := range functions {
		all[i] = result.Invocation{File: file.Name, Contestant: f.name}
	}
	for round := range b.Rounds + 1 {
		for i, f := range functions {
			into := &all[i]
			if into.Cannot != "" {
				continue
			}
			sample, err := b.once(ctx, f, file, into)
			if cannot, ok := errors.AsType[*cannotError](err); ok {
				*into = result.Invocation{File: file.Name, Contestant: f.name, Cannot: cannot.why}
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
			if round > 0 {
				into.Samples = append(into.Samples, sample)
			}
		}
	}
	return all, nil
}

// once measures one invocation. Its CPU time is what the process takes from waiting for it to waiting for the next one,
// its wall time goes from the event handed out to the response.
func (b *bench) once(
	ctx context.Context, f *function, file result.File, into *result.Invocation,
) (_ result.Sample, err error) {
	key, payload, err := b.upload(ctx, file)
	if err != nil {
		return result.Sample{}, err
	}
	defer func() { err = errors.Join(err, b.remove(ctx, key)) }()
	b.door.forget()
	before, err := f.cpu()
	if err != nil {
		return result.Sample{}, err
	}
	answer, err := f.invoke(ctx, payload)
	if err != nil {
		return result.Sample{}, err
	}
	after, err := f.cpu()
	if err != nil {
		return result.Sample{}, err
	}
	requests, stored := b.door.noted()
	if err := b.complete(stored); err != nil {
		return result.Sample{}, err
	}
	into.Requests = requests
	return result.Sample{CPU: milliseconds(after - before), Wall: milliseconds(answer.Duration)}, nil
}

// complete says which presets have no variant among what was stored.
func (b *bench) complete(stored map[string]time.Time) error {
	var missing []string
	for _, p := range b.config.Presets {
		if _, ok := b.storedAt(stored, p.Name); !ok {
			missing = append(missing, p.Name)
		}
	}
	if len(missing) > 0 {
		return &cannotError{"no variant for " + strings.Join(missing, ", ")}
	}
	return nil
}

// storedAt is when the variant of a preset was stored.
func (b *bench) storedAt(stored map[string]time.Time, preset string) (time.Time, bool) {
	for key, at := range stored {
		if strings.HasPrefix(key, b.config.Resized+preset+"/") {
			return at, true
		}
	}
	return time.Time{}, false
}

// cpu is what the function's process has taken so far; nothing when there is none, before the first invocation and
// after one that ended it.
func (f *function) cpu() (time.Duration, error) {
	if f.process == nil || errors.Is(f.process.Process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		return 0, nil
	}
	return processTime(f.process.Process.Pid)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
