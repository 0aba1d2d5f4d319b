package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Pipeline renders originals. It is safe for use by several goroutines.
type Pipeline struct {
	Config *preset.Config
	Source func(bucket string) store.Objects // where originals are read
	Target func(bucket string) store.Objects // where the variants of a bucket's originals are written
	// Report is told once of every original, when its way has ended.
	Report func(ctx context.Context, original report.Original)
	// Workers is how many originals and variants are decoded and rendered at the same time, over all originals: as many
	// as there are processors. Downloads and uploads are not counted: they wait for S3, not for a processor.
	Workers int

	processors *semaphore.Weighted // of Workers
	prepare    sync.Once
}

// begin waits for a processor.
func (p *Pipeline) begin(ctx context.Context) error {
	p.prepare.Do(func() { p.processors = semaphore.NewWeighted(int64(max(1, p.Workers))) })
	if p.processors.Acquire(ctx, 1) != nil {
		return context.Cause(ctx)
	}
	return nil
}

// end gives a processor back.
func (p *Pipeline) end() { p.processors.Release(1) }

// maxRounds bounds how often an original that keeps changing is rendered anew before its event is given back.
const maxRounds = 5

// work is one original on its way.
type work struct {
	pipeline *Pipeline
	change   event.Change
	source   store.Objects
	target   store.Objects
	presets  []preset.Preset
	info     store.Info // of the original as fetched
	data     []byte
	header   imaging.Header
	master   *imaging.Master
	readOnly bool
	failed   error // of a preset, permanent; the others were still made
	report   report.Original
}

// step is one step of the way. It ends the way by returning a *verdict or, for what a retry may mend, any other error.
type step struct {
	name string
	run  func(context.Context, *work) error
	took func(*report.Stages) *time.Duration
}

// steps is the whole way, in order.
var steps = []step{
	{"guard", guard, nil},
	{"look", look, nil},
	{"fetch", fetch, func(s *report.Stages) *time.Duration { return &s.Fetch }},
	{"probe", probe, func(s *report.Stages) *time.Duration { return &s.Probe }},
	{"master", master, func(s *report.Stages) *time.Duration { return &s.Master }},
	{"variants", variants, nil},
	{"verify", verify, func(s *report.Stages) *time.Duration { return &s.Verify }},
}

// examination is the part of the way that writes nothing.
var examination = []step{
	{"guard", guard, nil},
	{"fetch", fetch, func(s *report.Stages) *time.Duration { return &s.Fetch }},
	{"probe", probe, func(s *report.Stages) *time.Duration { return &s.Probe }},
	{"master", master, func(s *report.Stages) *time.Duration { return &s.Master }},
}

// Create makes the variants of a created original and gives the account of it that Report was told. The error is nil when
// there is nothing left to do for the event, whatever became of the original. An error is worth a retry.
func (p *Pipeline) Create(ctx context.Context, change event.Change) (report.Original, error) {
	start := time.Now()
	w := p.newWork(change)
	err := w.rounds(ctx)
	conclude(&w.report, err)
	w.report.Total = time.Since(start)
	p.Report(ctx, w.report)
	if w.report.Outcome == report.Retry {
		return w.report, err
	}
	return w.report, nil
}

// Examine says what would become of an original, without its variants: it is read and decoded as Create does, and
// nothing is written. Outcome Done means that it can be rendered.
func (p *Pipeline) Examine(ctx context.Context, change event.Change) report.Original {
	start := time.Now()
	w := p.newWork(change)
	w.readOnly = true
	conclude(&w.report, w.walk(ctx, examination))
	w.report.Total = time.Since(start)
	return w.report
}

func (p *Pipeline) newWork(change event.Change) *work {
	return &work{
		pipeline: p, change: change, source: p.Source(change.Bucket), target: p.Target(change.Bucket),
		report: report.Original{Bucket: change.Bucket, Key: change.Key, ETag: change.ETag},
	}
}

// rounds goes the way again for as long as the original turns out to have changed meanwhile.
func (w *work) rounds(ctx context.Context) error {
	for w.report.Rounds = 1; ; w.report.Rounds++ {
		err := w.walk(ctx, steps)
		if !errors.Is(err, errChanged) {
			return err
		}
		if w.report.Rounds == maxRounds {
			return errKeepsChanging
		}
	}
}

func (w *work) walk(ctx context.Context, steps []step) error {
	defer w.release()
	for _, s := range steps {
		if ctx.Err() != nil {
			return fmt.Errorf("before %s of %q: %w", s.name, w.change.Key, context.Cause(ctx))
		}
		start := time.Now()
		err := s.run(ctx, w)
		if s.took != nil {
			*s.took(&w.report.Stages) += time.Since(start)
		}
		if err != nil {
			return describe(ctx, s.name, w.change.Key, err)
		}
	}
	return nil
}

func (w *work) release() {
	if w.master != nil {
		w.master.Close()
	}
	w.master, w.data, w.failed = nil, nil, nil
}
