package pipeline

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// work is one original on its way.
type work struct {
	pipeline *Pipeline
	change   event.Change
	source   store.Objects
	target   store.Objects
	started  time.Time
	report   report.Original
	twins    []string // keys of other originals that may want what was deleted

	*state // of this round
}

// state is what a round has found and done so far.
type state struct {
	err         error           // how the round stands: nil, a *verdict, a *Permanent; any other error ends it
	look        bool            // leave out what stands as it should
	presets     []preset.Preset // to render
	info        store.Info      // of the original as fetched
	data        []byte
	header      imaging.Header
	master      *imaging.Master
	placeholder *imaging.Placeholder
	readOnly    bool
	standing    map[string]standing // by preset: what was rendered, or stands there and may stay
	manifest    *report.Manifest    // as it stood before; nil when there was none, or it was not looked at
	read        bool                // manifest was looked at
	foreign     bool                // something that Presize did not write stands in its place
	settled     bool                // it is written and announced, and the original was looked at once more
	looked      string              // ETag of the original when what stands there was looked at; empty when it was not
	deleted     []string            // keys of variants
	records     []string            // keys of the manifest and the failure record that are to go

	mu       sync.Mutex
	replaced []string // keys of variants that were written over
	older    bool     // one of them showed an older state
	outdated []string // keys that a CDN should forget
}

// standing is a variant that belongs to the original's present state.
type standing struct {
	key   string
	mark  Mark
	bytes int64
	kind  string // MIME type
}

// step is one step of the way. It ends the way by returning a *verdict, a *Permanent or, for what a retry may mend, any
// other error.
type step struct {
	name string
	run  func(context.Context, *work) error
	took func(*report.Stages) *time.Duration
}

// making is the way from an original to its variants, in order.
var making = []step{
	{"guard", guard, nil},
	{"look", look, nil},
	{"fetch", fetch, func(s *report.Stages) *time.Duration { return &s.Fetch }},
	{"probe", probe, func(s *report.Stages) *time.Duration { return &s.Probe }},
	{"master", master, func(s *report.Stages) *time.Duration { return &s.Master }},
	{"variants", variants, nil},
}

// examination is the part of the way that writes nothing.
var examination = []step{making[0], making[2], making[3], making[4]}

func (p *Pipeline) begin(change event.Change) *work {
	return &work{
		pipeline: p, change: change, source: p.Source(change.Bucket), target: p.Target(change.Bucket), started: time.Now(),
		report: report.Original{Bucket: change.Bucket, Key: change.Key, ETag: change.ETag},
	}
}

// walk goes steps of the way, and lets go of pixels and bytes at its end.
func (w *work) walk(ctx context.Context, steps []step) error {
	if w.report.Rounds == 1 {
		w.started = time.Now() // not the time that others of the batch took before
	}
	defer func() {
		if w.master != nil {
			w.master.Close()
		}
		w.master, w.data = nil, nil
	}()
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

// stand notes a variant that belongs to the original's present state.
func (w *work) stand(presetName string, s standing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.standing[presetName] = s
}
