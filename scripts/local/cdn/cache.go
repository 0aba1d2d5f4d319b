package cdn

import (
	"container/list"
	"sync"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

// How much memory copies take: all of them, and one. What is larger is passed through.
const (
	maxCache = 128 << 20
	maxCopy  = 16 << 20
)

// address is what a copy is found by: the decoded path, and the query's v, which manifests' URLs have. Other parameters of
// the query make no difference.
type address struct{ path, version string }

// copied is an object as the front keeps it.
type copied struct {
	at      address
	info    store.Info
	body    []byte
	fetched time.Time
	until   time.Time
}

// cache holds copies, the least recently used of which go first when memory is short. It is safe for use by several
// goroutines.
type cache struct {
	limit int

	mu     sync.Mutex
	copies map[address]*list.Element
	recent *list.List // of *copied, the latest first
	bytes  int
	epoch  uint64 // how often copies were invalidated
}

func newCache(limit int) *cache {
	return &cache{limit: limit, copies: map[address]*list.Element{}, recent: list.New()}
}

// get returns the copy, fresh or not, and the epoch that a fetch begins in.
func (c *cache) get(at address) (found *copied, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element := c.copies[at]
	if element == nil {
		return nil, c.epoch
	}
	c.recent.MoveToFront(element)
	kept, _ := element.Value.(*copied)
	return kept, c.epoch
}

// put keeps a copy, unless copies were invalidated since its fetch began: it may show what was to be forgotten.
func (c *cache) put(one *copied, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch {
		return
	}
	c.drop(c.copies[one.at])
	c.copies[one.at] = c.recent.PushFront(one)
	c.bytes += len(one.body)
	for c.bytes > c.limit {
		c.drop(c.recent.Back())
	}
}

// forget drops what the paths reach.
func (c *cache) forget(paths []pattern) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for at, element := range c.copies {
		for _, p := range paths {
			if p.reaches(at) {
				c.drop(element)
				break
			}
		}
	}
}

// remove drops one copy, of an object that is no more.
func (c *cache) remove(at address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.copies[at])
}

// drop takes a copy out; c.mu is held.
func (c *cache) drop(element *list.Element) {
	if element == nil {
		return
	}
	kept, _ := c.recent.Remove(element).(*copied)
	delete(c.copies, kept.at)
	c.bytes -= len(kept.body)
}
