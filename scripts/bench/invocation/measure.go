package invocation

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/result"
)

// Options say what to measure.
type Options struct {
	Files    []result.File // each invoked for, warm
	Cold     []result.File // each the original of cold starts
	Function string        // folder of the bootstrap, with presets.yaml and lib beside it
	Node     string        // folder of lambda.mjs and its node_modules
	Rounds   int           // counted invocations of each contestant with each file; 0: 7
	Starts   int           // counted cold starts of each kind; 0: 9
	CPU      int           // the functions are held to it, and everything else is kept off it; negative: they are not
	Progress func(string)  // told what is about to be measured; may be nil
}

const (
	defaultRounds = 7
	defaultStarts = 9
)

// Measure measures the invocations, then the cold starts. A file that a contestant cannot do is no error: its
// Invocation says why. Nothing else of this process should run meanwhile.
//
// Two in one process, one after the other, are fine; side by side they are refused.
func Measure(ctx context.Context, options Options) (invocations []result.Invocation, colds []result.Cold, err error) {
	if options, err = options.filled(); err != nil {
		return nil, nil, err
	}
	release, err := process.KeepOff(options.CPU)
	if err != nil {
		return nil, nil, fmt.Errorf("keeping everything but the functions off CPU %d: %w", options.CPU, err)
	}
	defer func() { err = errors.Join(err, release()) }()
	b, err := openBench(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if invocations, err = b.warm(ctx); err != nil {
		return nil, nil, err
	}
	colds, err = b.cold(ctx)
	return invocations, colds, err
}

// filled has the defaults, and absolute paths: the S3 server changes the working directory.
func (o Options) filled() (Options, error) {
	if o.Rounds == 0 {
		o.Rounds = defaultRounds
	}
	if o.Starts == 0 {
		o.Starts = defaultStarts
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	o.Files, o.Cold = slices.Clone(o.Files), slices.Clone(o.Cold)
	paths := []*string{&o.Function, &o.Node}
	for _, files := range [][]result.File{o.Files, o.Cold} {
		for i := range files {
			paths = append(paths, &files[i].Path)
		}
	}
	for _, path := range paths {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return o, err
		}
		*path = absolute
	}
	if o.Rounds < 0 || o.Starts < 0 {
		return o, fmt.Errorf("%d rounds and %d cold starts; neither can be negative", o.Rounds, o.Starts)
	}
	return o, nil
}
