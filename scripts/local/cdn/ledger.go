package cdn

import (
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"
)

// maxLedger is how many invalidations are remembered.
const maxLedger = 10_000

// ledger remembers invalidations: who asks again with the same reference is not served twice.
type ledger struct {
	mu     sync.Mutex
	all    []Invalidation // the oldest first
	byName map[string]Invalidation
}

// invalidate forgets what the paths reach, unless the same was asked for by the same reference before. Its error says that
// the reference was another batch's.
func (f *Front) invalidate(asked batch, paths []pattern) (Invalidation, error) {
	l := &f.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, again := l.byName[asked.CallerReference]; again {
		if !before.InvalidationBatch.same(asked) {
			return Invalidation{}, fmt.Errorf("the reference %q is that of another batch", asked.CallerReference)
		}
		return before, nil
	}
	f.cache.forget(paths)
	made := Invalidation{
		Xmlns: xmlns, ID: "I" + newID(), Status: "Completed", CreateTime: time.Now().UTC(), InvalidationBatch: asked,
	}
	if l.byName == nil {
		l.byName = map[string]Invalidation{}
	}
	l.byName[asked.CallerReference] = made
	if l.all = append(l.all, made); len(l.all) > maxLedger {
		delete(l.byName, l.all[0].InvalidationBatch.CallerReference)
		l.all = l.all[1:]
	}
	return made, nil
}

// Invalidations are those that were asked for, the oldest first.
func (f *Front) Invalidations() []Invalidation {
	f.ledger.mu.Lock()
	defer f.ledger.mu.Unlock()
	return slices.Clone(f.ledger.all)
}

func newID() string { return rand.Text()[:13] }
