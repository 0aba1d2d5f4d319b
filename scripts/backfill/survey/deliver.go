package survey

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"
)

// deliver takes the groups that produce submits, has them decided, and calls visit in the order in which they were
// submitted.
func (w *walk) deliver(ctx context.Context, produce func(ctx context.Context, submit func(*group) error) error) error {
	pending := make(chan *group, ahead)
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		defer close(pending)
		return produce(ctx, func(g *group) error {
			if !w.wanted(g) {
				return nil
			}
			g.decided = make(chan struct{})
			for _, queue := range []chan *group{pending, w.work} {
				select {
				case queue <- g:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	both.Go(func() error {
		for g := range pending {
			select {
			case <-g.decided:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			if err := w.hand(g.finding); err != nil {
				return err
			}
		}
		return nil
	})
	return both.Wait()
}

// hand calls visit with a finding that has anything in it, one at a time over all ranges.
func (w *walk) hand(f Finding) error {
	if len(f.Originals) == 0 && len(f.Extras) == 0 {
		return nil
	}
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.visit(f)
}

// wanted says whether a group can hold anything that was asked for.
func (w *walk) wanted(g *group) bool {
	if w.OnlyOriginals && len(g.originals) == 0 {
		return false
	}
	if w.Prefix != "" && !strings.HasPrefix(g.id, w.narrowed) {
		return false
	}
	return w.After == "" || g.at.compare(w.after) >= 0
}

// asked says whether an original is one that was asked for.
func (w *walk) asked(g *group, key string) bool {
	return strings.HasPrefix(key, w.Config.Originals+w.Prefix) &&
		(w.After == "" || g.at.compare(w.after) > 0 || key > w.After)
}
