package survey

import (
	"context"
	"sync"
	"sync/atomic"
)

// defaultSplitAbove is how many originals a range lists before it gives its rest away. What is listed by then is the only
// sign of how much there may be: a rest is as likely as not as large, and must be worth the probes, and a page or two of
// every listing of every new range. Measured with pages of 1,000 and 3 listings, see TestLists.
const defaultSplitAbove = 50 * pageKeys

// sharing hands ranges to the places for those that are walked at a time. The walk begins with one range of everything; a
// range that turns out to be long gives parts of its rest to the places that are free.
type sharing struct {
	places   int
	free     chan struct{}
	under    atomic.Int64 // ranges that have not ended
	begin    func(*sharing, span)
	probing  sync.Mutex // one split at a time
	dividing bool       // whether ranges may be split at all
}

func newSharing(w *walk, begin func(*sharing, span)) *sharing {
	places := or(w.Parallel, defaultParallel)
	return &sharing{
		places: places, free: make(chan struct{}, places), begin: begin,
		dividing: places > 1 && !w.Ordered && w.aligned && safe(w.narrowed),
	}
}

func (s *sharing) add(part span) {
	s.under.Add(1)
	s.begin(s, part)
}

// enter waits for a place.
func (s *sharing) enter(ctx context.Context) (leave func(), err error) {
	select {
	case s.free <- struct{}{}:
		return func() { s.under.Add(-1); <-s.free }, nil
	case <-ctx.Done():
		return func() {}, context.Cause(ctx)
	}
}

// wanted is how many ranges more there should be: none until a quarter of the places are free, or one.
func (s *sharing) wanted() int {
	if idle := s.places - int(s.under.Load()); s.dividing && idle >= max(1, s.places/4) {
		return idle
	}
	return 0
}

// part is a range that is walked.
type part struct {
	*walk

	end   *end
	share *sharing
	seen  int // originals since it last gave away
	again int // times that there was nothing to give
}

// offer gives the rest behind a relative key, which is the next to be merged, to the free places, when there was much before
// it. After a vain attempt it waits for twice as much.
//
// Whatever the listings have read ahead, every end behind that key is right: nothing of what is behind it is merged yet.
func (r *part) offer(ctx context.Context, at string) error {
	if r.seen++; r.seen <= or(r.splitAbove, defaultSplitAbove)<<min(r.again, 20) || r.share.wanted() == 0 || !r.share.probing.TryLock() {
		return nil
	}
	defer r.share.probing.Unlock()
	number := r.share.wanted()
	if number == 0 {
		return nil
	}
	r.seen = 0
	to := r.end.to()
	bounds, err := r.split(ctx, span{at, to}, number)
	if err != nil || len(bounds) == 0 {
		r.again++
		return err
	}
	r.again = 0
	r.end.set(bounds[0])
	for i, next := range append(bounds[1:], to) {
		r.share.add(span{bounds[i], next})
	}
	return nil
}
