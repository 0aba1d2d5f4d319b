package gallery

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

const (
	lookups = 16   // at the same time
	maxLog  = 300  // lines kept of a run
	maxLine = 4000 // bytes kept of a line
)

// Gallery is the account. It is safe for use by several goroutines.
type Gallery struct {
	config  *preset.Config
	objects store.Objects
	cdn     string
	links   report.Links
	lookups chan struct{} // a token for each lookup under way

	mu          sync.Mutex
	changed     *sync.Cond // which originals are settled
	originals   map[string]*entry
	runs        map[string]string // request id -> original key
	watchers    map[*Subscription]bool
	completions []Completion // the latest, oldest first
	completed   int          // how many there were in all
}

type entry struct {
	Original
	run     string // request id of the latest upload's invocation
	outcome string // what the function's log line said became of it; empty before
}

// New is an empty gallery. cdn is the base URL at which variants and manifests can be seen, without a slash at its end.
func New(config *preset.Config, objects store.Objects, cdn string) (*Gallery, error) {
	links, err := report.NewLinks(cdn)
	if err != nil {
		return nil, err
	}
	g := &Gallery{
		config: config, objects: objects, cdn: cdn, links: links,
		lookups:   make(chan struct{}, lookups),
		originals: map[string]*entry{}, runs: map[string]string{}, watchers: map[*Subscription]bool{},
	}
	g.changed = sync.NewCond(&g.mu)
	return g, nil
}

// url is where an object can be seen; which version of it, a CDN and a browser may decide by their copies.
func (g *Gallery) url(key string) string { return g.cdn + "/" + preset.URLPath(key) }

func (g *Gallery) blank(key string, bytes int64, uploaded time.Time, state State) Original {
	o := Original{Key: key, Bytes: bytes, Uploaded: uploaded, State: state, Log: []string{}, Variants: []Variant{}}
	for _, p := range g.config.PresetsFor(key) {
		o.Variants = append(o.Variants, Variant{Preset: p.Name})
	}
	return o
}

// Uploaded says that an original was created, and which invocation it will have. The placeholder of what was overwritten
// stays until there is another.
func (g *Gallery) Uploaded(requestID string, change event.Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := &entry{Original: g.blank(change.Key, change.Size, change.Time, Queued), run: requestID}
	e.ETag = change.ETag
	if old := g.originals[change.Key]; old != nil {
		delete(g.runs, old.run)
		e.Placeholder, e.PlaceholderOld = old.Placeholder, old.Placeholder != nil
	}
	g.originals[change.Key] = e
	g.runs[requestID] = change.Key
	g.mark(change.Key)
}

// Original returns the account of one original.
func (g *Gallery) Original(key string) (Original, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.originals[key]
	if e == nil {
		return Original{}, false
	}
	return e.clone(), true
}

// Await waits until each of the originals is settled, telling progress how many are, and returns their accounts in the
// order of the keys. An original that is removed meanwhile has an account of just its key.
func (g *Gallery) Await(ctx context.Context, keys []string, progress func(settled int)) ([]Original, error) {
	stop := context.AfterFunc(ctx, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.changed.Broadcast()
	})
	defer stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	for told := -1; ; g.changed.Wait() {
		settled := 0
		for _, key := range keys {
			if e := g.originals[key]; e == nil || e.State.Settled() {
				settled++
			}
		}
		if settled != told {
			progress(settled)
			told = settled
		}
		if settled == len(keys) {
			break
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	accounts := make([]Original, len(keys))
	for i, key := range keys {
		accounts[i] = Original{Key: key, State: Failed, Reason: "removed"}
		if e := g.originals[key]; e != nil {
			accounts[i] = e.clone()
		}
	}
	return accounts, nil
}

// Counts returns how many originals and variants there are.
func (g *Gallery) Counts() (originals, variants int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.originals {
		variants += len(e.Variants) - len(e.Missing())
	}
	return len(g.originals), variants
}

// mark tells of a change; g.mu is held.
func (g *Gallery) mark(key string) {
	for s := range g.watchers {
		s.mark(key)
	}
}

// Subscribe tells of every original, then of every change.
func (g *Gallery) Subscribe() *Subscription {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &Subscription{gallery: g, dirty: map[string]bool{}, wake: make(chan struct{}, 1)}
	for _, key := range slices.Sorted(maps.Keys(g.originals)) {
		s.mark(key)
	}
	s.seen = g.completed - len(g.completions)
	g.watchers[s] = true
	return s
}
