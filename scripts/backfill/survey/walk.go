package survey

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// The defaults.
const (
	defaultParallel = 16 // ranges
	defaultHeads    = 64 // requests
)

// ahead is how many groups of one range may be under way: decided out of order, delivered in order.
const ahead = 128

// walk is one Walk of a Survey.
type walk struct {
	*Survey

	aligned      bool
	narrowed     string // what both an original of Prefix and its variants have behind their prefixes
	presets      []preset.Preset
	fingerprints map[string]string // by preset
	after        position

	visit func(Finding) error
	turn  sync.Mutex  // to visit
	work  chan *group // to be decided

	lists, heads, saved atomic.Int64
}

func newWalk(s *Survey, visit func(Finding) error) *walk {
	w := &walk{
		Survey: s, visit: visit, work: make(chan *group), narrowed: narrow(s.Prefix),
		aligned: s.Config.Aligned(), presets: slices.Clone(s.Config.Presets), fingerprints: map[string]string{},
	}
	if len(s.Presets) > 0 {
		w.presets = slices.DeleteFunc(w.presets, func(p preset.Preset) bool { return !slices.Contains(s.Presets, p.Name) })
	}
	for _, p := range w.presets {
		w.fingerprints[p.Name] = p.Fingerprint(imaging.Renderer)
	}
	if dir, name, ok := s.Config.Stem(s.After); ok {
		w.after = w.positionOf(dir, name)
	}
	return w
}

// narrow cuts a prefix of originals where their variants' keys may begin to differ: at the dot of an extension.
func narrow(prefix string) string {
	slash := strings.LastIndexByte(prefix, '/') + 1
	if dot := strings.IndexByte(prefix[slash:], '.'); dot >= 0 {
		return prefix[:slash+dot]
	}
	return prefix
}

func (w *walk) spent() Cost {
	return Cost{Lists: w.lists.Load(), Heads: w.heads.Load(), Saved: w.saved.Load()}
}

func (w *walk) progress() {
	if w.Progress != nil {
		w.Progress(w.spent())
	}
}

// run has the groups of every range decided by a number of workers, each of which sends one HEAD at a time.
func (w *walk) run(ctx context.Context) error {
	outer, ctx := errgroup.WithContext(ctx)
	outer.Go(func() error {
		defer close(w.work)
		return w.ranges(ctx)
	})
	for range or(w.Heads, defaultHeads) {
		outer.Go(func() error {
			for g := range w.work {
				if err := w.decide(ctx, g); err != nil {
					return err
				}
				close(g.decided)
			}
			return nil
		})
	}
	err := outer.Wait()
	if w.Index != nil {
		// Also after an error: what was looked at need not be again.
		if kept := w.Index.flush(); err == nil {
			err = kept
		}
	}
	return err
}

// ranges walks the leftovers of other presets and then every range.
func (w *walk) ranges(ctx context.Context) error {
	dropped, err := w.rest(ctx)
	if err != nil {
		return err
	}
	inner, ctx := errgroup.WithContext(ctx)
	share := newSharing(w, func(share *sharing, s span) {
		inner.Go(func() error {
			leave, err := share.enter(ctx)
			defer leave()
			if err != nil {
				return err
			}
			return w.join(ctx, s, dropped, share)
		})
	})
	share.add(span{})
	return inner.Wait()
}

func or(value, fallback int) int {
	if value > 0 {
		return value
	}
	return fallback
}
