package pipeline

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Pipeline keeps variants in line with originals. It is safe for use by several goroutines.
type Pipeline struct {
	Config *preset.Config
	Source func(bucket string) store.Objects // where originals are read
	Target func(bucket string) store.Objects // where the variants of a bucket's originals are written
	Links  report.Links                      // the URLs in manifests
	// Refresh makes a CDN forget what it keeps of outdated variants, once for all changes that are handled together; nil
	// when there is no CDN.
	Refresh func(ctx context.Context, outdated []Outdated) error
	// Announce tells whoever waits for it that every preset of an original has its verdict; nil when nobody does.
	Announce func(ctx context.Context, completion report.Completion) error
	// Report is told once of every original, when its way has ended.
	Report func(ctx context.Context, original report.Original)
	// Workers is how many originals and variants are decoded and rendered at the same time, over all originals: as many
	// as there are processors. Downloads and uploads are not counted: they wait for S3, not for a processor.
	Workers int

	processors *semaphore.Weighted // of Workers
	prepare    sync.Once
	former     sync.Map // bucket -> known
}

// Outdated are the objects of one original whose copies a CDN should forget.
type Outdated struct {
	Original string   // key
	Keys     []string // below the resized prefix
	Gone     bool     // the original is: no version of them may be shown any more
}

// Examine says what would become of an original, without its variants: it is read and decoded as on its way to variants,
// and nothing is written. Outcome Done means that it can be rendered.
func (p *Pipeline) Examine(ctx context.Context, change event.Change) report.Original {
	w := p.begin(change)
	w.state = &state{readOnly: true, standing: map[string]standing{}}
	w.err = w.walk(ctx, examination)
	w.conclude()
	return w.report
}

// acquire waits for a processor.
func (p *Pipeline) acquire(ctx context.Context) error {
	p.prepare.Do(func() { p.processors = semaphore.NewWeighted(int64(max(1, p.Workers))) })
	if p.processors.Acquire(ctx, 1) != nil {
		return context.Cause(ctx)
	}
	return nil
}

func (p *Pipeline) release() { p.processors.Release(1) }
