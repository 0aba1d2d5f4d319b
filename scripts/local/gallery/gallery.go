package gallery

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/lambda"
)

// The metadata of variants that is read here; the pipeline writes it.
const (
	metaOriginal = "presize-original"
	metaETag     = "presize-original-etag"
	metaPreset   = "presize-preset"
	metaWidth    = "presize-width"
	metaHeight   = "presize-height"
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
	url     func(variantKey string) string
	lookups chan struct{} // a token for each lookup under way

	mu        sync.Mutex
	changed   *sync.Cond // which originals are settled
	originals map[string]*entry
	runs      map[string]string // request id -> original key
	watchers  map[*Subscription]bool
}

type entry struct {
	Original
	etag    string // of the original: variants of an older one do not count
	run     string // request id of the latest upload's invocation
	outcome State  // what the function's log line said became of it; empty before
}

// New is an empty gallery. url gives the address at which a variant can be seen.
func New(config *preset.Config, objects store.Objects, url func(variantKey string) string) *Gallery {
	g := &Gallery{
		config: config, objects: objects, url: url,
		lookups:   make(chan struct{}, lookups),
		originals: map[string]*entry{}, runs: map[string]string{}, watchers: map[*Subscription]bool{},
	}
	g.changed = sync.NewCond(&g.mu)
	return g
}

// Load reads what is in the bucket already. It may run while changes come in.
func (g *Gallery) Load(ctx context.Context) error {
	variants, err := g.readVariants(ctx)
	if err != nil {
		return err
	}
	for info, err := range g.objects.List(ctx, g.config.Originals, "") {
		if err != nil {
			return err
		}
		if _, reason := g.config.Classify(info.Key); reason == "" {
			g.found(info, variants[info.Key])
		}
	}
	return nil
}

// readVariants reads every variant in the bucket, by the key of its original.
func (g *Gallery) readVariants(ctx context.Context) (map[string][]store.Info, error) {
	var mu sync.Mutex
	variants := map[string][]store.Info{}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(lookups)
	for listed, err := range g.objects.List(inner, g.config.Resized, "") {
		if err != nil {
			return nil, errors.Join(err, group.Wait())
		}
		group.Go(func() error {
			info, err := g.objects.Head(inner, listed.Key)
			if errors.Is(err, store.ErrNotFound) {
				return nil // removed meanwhile
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			original := info.Metadata[metaOriginal]
			variants[original] = append(variants[original], info)
			return nil
		})
	}
	return variants, group.Wait()
}

// found shows an original of an earlier start, unless it was uploaded again since.
func (g *Gallery) found(info store.Info, variants []store.Info) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.originals[info.Key] != nil {
		return
	}
	e := &entry{Original: g.blank(info.Key, info.Size, info.LastModified, Done), etag: info.ETag}
	for _, variant := range variants {
		g.show(e, variant)
	}
	if len(e.Missing()) > 0 {
		e.State = Incomplete
	}
	g.originals[info.Key] = e
	g.mark(info.Key)
}

func (g *Gallery) blank(key string, bytes int64, uploaded time.Time, state State) Original {
	o := Original{Key: key, Bytes: bytes, Uploaded: uploaded, State: state, Log: []string{}, Variants: []Variant{}}
	for _, p := range g.config.PresetsFor(key) {
		o.Variants = append(o.Variants, Variant{Preset: p.Name})
	}
	return o
}

// Uploaded says that an original was created, and which invocation it will have.
func (g *Gallery) Uploaded(requestID string, change event.Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if old := g.originals[change.Key]; old != nil {
		delete(g.runs, old.run)
	}
	g.originals[change.Key] = &entry{
		Original: g.blank(change.Key, change.Size, change.Time, Queued), etag: change.ETag, run: requestID,
	}
	g.runs[requestID] = change.Key
	g.mark(change.Key)
}

// Removed says that an original or a variant was removed.
func (g *Gallery) Removed(change event.Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[change.Key]; e != nil {
		delete(g.runs, e.run)
		delete(g.originals, change.Key)
		g.mark(change.Key)
		g.changed.Broadcast()
		return
	}
	for key, e := range g.originals {
		for _, v := range e.Variants {
			if v.Key == change.Key {
				e.set(Variant{Preset: v.Preset})
				g.mark(key)
			}
		}
	}
}

// Written says that a variant was created. It does not wait for what it looks up.
func (g *Gallery) Written(ctx context.Context, change event.Change) {
	go func() {
		g.lookups <- struct{}{}
		defer func() { <-g.lookups }()
		_ = g.look(ctx, change.Key) // what the lookup misses, the function's log line tells
	}()
}

// look reads whose variant an object is, and shows it.
func (g *Gallery) look(ctx context.Context, key string) error {
	info, err := g.objects.Head(ctx, key)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[info.Metadata[metaOriginal]]; e != nil {
		g.show(e, info)
		g.mark(e.Key)
	}
	return nil
}

// show puts a variant into its original's account, unless it shows an older state of the original.
func (g *Gallery) show(e *entry, info store.Info) {
	if e.etag != info.Metadata[metaETag] {
		return
	}
	v := e.variant(info.Metadata[metaPreset])
	v.Key, v.URL, v.ETag, v.Type, v.Bytes = info.Key, g.url(info.Key), info.ETag, info.ContentType, info.Size
	v.Width, _ = strconv.Atoi(info.Metadata[metaWidth])
	v.Height, _ = strconv.Atoi(info.Metadata[metaHeight])
	v.Reason, v.Error = "", ""
	e.set(v)
}

// Observer is what tells the gallery of the function's runs.
func (g *Gallery) Observer() lambda.Observer {
	return lambda.Observer{Started: g.started, Line: g.line, Ended: g.ended, DeadLettered: g.deadLettered}
}

// run changes the original that an invocation is about, unless it was uploaded again since.
func (g *Gallery) run(id string, change func(*entry)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[g.runs[id]]; e != nil {
		change(e)
		g.mark(e.Key)
	}
}

func (g *Gallery) started(invocation lambda.Invocation) {
	g.run(invocation.ID, func(e *entry) {
		e.State, e.Attempt = Running, invocation.Attempt
		e.Reason, e.Error, e.MS, e.outcome = "", "", 0, ""
	})
}

// outcomes are the function's words for what became of an original; "retry" ends in an error.
var outcomes = map[string]State{"done": Done, "failed": Failed, "skipped": Skipped, "gone": Skipped}

func (g *Gallery) line(invocation lambda.Invocation, line string) {
	if isMetrics(line) {
		return
	}
	a, isAccount := readAccount(line)
	if len(line) > maxLine {
		line = strings.ToValidUTF8(line[:maxLine], "") + " …"
	}
	g.run(invocation.ID, func(e *entry) {
		if len(e.Log) < maxLog {
			e.Log = append(e.Log, line)
		}
		if isAccount && a.Original == e.Key {
			g.apply(&e.Original, a)
			e.outcome = outcomes[a.Outcome]
		}
	})
}

func (g *Gallery) ended(invocation lambda.Invocation, result lambda.Result, err error) {
	g.run(invocation.ID, func(e *entry) {
		switch {
		case err != nil:
			e.State = Retrying
			e.Error = cmp.Or(e.Error, failure(err, result.Log))
		default:
			e.State = cmp.Or(e.outcome, Done) // it may have succeeded without a word
		}
		if e.MS == 0 {
			e.MS = float64(result.Duration.Microseconds()) / 1000
		}
		g.changed.Broadcast()
	})
}

// failure is an error in words. Of a process that ended, its last words say more than its exit status.
func failure(err error, log []string) string {
	var failed *lambda.Error
	if errors.As(err, &failed) && failed.Type == lambda.ExitError && len(log) > 0 {
		return err.Error() + "; its last line: " + log[len(log)-1]
	}
	return err.Error()
}

func (g *Gallery) deadLettered(letter lambda.DeadLetter) {
	g.run(letter.ID, func(e *entry) {
		e.State = Failed
		e.Error = cmp.Or(e.Error, letter.Err.Error())
		e.Reason = "given up after " + strconv.Itoa(letter.Attempts) + " attempts"
		g.changed.Broadcast()
	})
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
	g.watchers[s] = true
	return s
}
