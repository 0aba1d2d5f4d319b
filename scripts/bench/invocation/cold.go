package invocation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/result"
)

// thumbnail is the preset that a cold start is measured by.
const thumbnail = "thumbnail"

// The states of the page cache, as result.Cold names them.
const (
	warmCache = "warm"
	coldCache = "cold"
)

// cold measures the cold starts of both functions, in turn. Node is asked for the thumbnail alone; Presize makes
// everything, and is measured by its thumbnail.
func (b *bench) cold(ctx context.Context) ([]result.Cold, error) {
	node, err := b.node("node-sharp", thumbnail)
	if err != nil {
		return nil, err
	}
	contestants := []contestant{b.presize(), node}
	var all []result.Cold
	for _, cache := range []string{warmCache, coldCache} {
		for _, file := range b.Cold {
			b.Progress(fmt.Sprintf("cold starts with %s files: %s", cache, file.Name))
			measured, err := b.starts(ctx, contestants, file, cache)
			if errors.Is(err, errNotDropped) {
				b.Progress("no cold starts with cold files: " + err.Error())
				return all, nil
			}
			if err != nil {
				return nil, fmt.Errorf("cold starts for %s: %w", file.Name, err)
			}
			all = append(all, measured...)
		}
	}
	return all, nil
}

// starts measures with one file and one state of the cache. The first round brings the files into the page cache, or
// shows that they can be dropped from it.
func (b *bench) starts(ctx context.Context, contestants []contestant, file result.File, cache string) ([]result.Cold, error) {
	all := make([]result.Cold, len(contestants))
	for i, c := range contestants {
		all[i] = result.Cold{File: file.Name, Contestant: c.name, Cache: cache}
	}
	for round := range b.Starts + 1 {
		for i, c := range contestants {
			took, peak, err := b.start(ctx, c, file, cache)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 {
				all[i].Samples = append(all[i].Samples, milliseconds(took))
				all[i].Peak = max(all[i].Peak, peak)
			}
		}
	}
	return all, nil
}

// start measures one cold start: the time from the process's start to its thumbnail stored, and the process's peak RSS in
// bytes at its invocation's end.
func (b *bench) start(ctx context.Context, c contestant, file result.File, cache string) (took time.Duration, peak int64, err error) {
	key, payload, err := b.upload(ctx, file)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.remove(ctx, key)) }()
	if cache == coldCache {
		if err := dropFromCache(c.program, c.folder); err != nil {
			return 0, 0, err
		}
	}
	f, err := b.open(c)
	if err != nil {
		return 0, 0, err
	}
	b.door.forget()
	_, err = f.invoke(ctx, payload)
	if err == nil {
		peak, err = process.Peak(f.process.Process.Pid)
	}
	if err := errors.Join(err, f.close(ctx)); err != nil {
		return 0, 0, err
	}
	peak = max(peak, process.PeakAfter(f.process.ProcessState))
	if cache == coldCache {
		if err := wasCold(f); err != nil {
			return 0, 0, err
		}
	}
	_, stored := b.door.noted()
	at, ok := b.storedAt(stored, thumbnail)
	if !ok {
		return 0, 0, errors.New("no thumbnail was stored")
	}
	return at.Sub(f.started), peak, nil
}

// wasCold checks that the last process read of its program what it could not start without.
func wasCold(f *function) error {
	const least = 8 // of its bytes, one in this many
	program, err := os.Stat(f.program)
	if err != nil {
		return err
	}
	if read := readFromDisk(f.process.ProcessState); read < program.Size()/least {
		return fmt.Errorf("%w: of %s, which has %d bytes, %s read %d from the disk", errNotDropped, f.program, program.Size(), f.name, read)
	}
	return nil
}

// errNotDropped says that files stay in the page cache here.
var errNotDropped = errors.New("files cannot be dropped from the page cache")
