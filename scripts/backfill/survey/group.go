package survey

import (
	"container/heap"
	"strings"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// group is everything of one stem.
type group struct {
	id        string // the stem: folder and name; empty for a key that is no variant's
	at        position
	originals []store.Info
	variants  []*standing
	alive     map[string]bool // originals that were not listed, as a HEAD said

	finding Finding
	decided chan struct{} // closed when finding is there
}

// standing is an object below the resized prefix.
type standing struct {
	store.Info

	preset  string // as the key says; empty when it is no variant's
	mark    pipeline.Mark
	looked  bool
	gone    bool // since it was listed
	claimed bool // by an original
}

// position is where a group comes in an ordered walk. bound is a relative key that everything of the stem sorts below.
type position struct{ bound, id string }

func (p position) compare(q position) int {
	if c := strings.Compare(p.bound, q.bound); c != 0 {
		return c
	}
	return strings.Compare(p.id, q.id)
}

// Compare says which of two originals comes first in an ordered walk: negative for a, positive for b. It is the order of
// the keys but for a name that another goes on with a character below "/": "photo-1.jpg" comes before "photo".
func Compare(config *preset.Config, a, b string) int {
	aligned := config.Aligned()
	at := func(key string) position {
		dir, name, _ := config.Stem(key)
		return positionOf(config, aligned, dir, name)
	}
	if c := at(a).compare(at(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// positionOf is the position of a stem.
func positionOf(config *preset.Config, aligned bool, dir, name string) position {
	p := position{bound: dir + name + "/", id: dir + name}
	if aligned {
		return p
	}
	for _, preset := range config.Presets {
		key := config.VariantStem(preset.Name, dir, name)[len(config.VariantPrefix(preset.Name)):]
		p.bound = max(p.bound, strings.TrimSuffix(key, ".")+"/")
	}
	return p
}

func (w *walk) positionOf(dir, name string) position {
	return positionOf(w.Config, w.aligned, dir, name)
}

// groups are the groups that are not complete yet.
type groups struct {
	byID    map[string]*group
	byBound bounds
}

// of finds a stem's group, or makes it.
func (gs *groups) of(w *walk, dir, name string) *group {
	g := gs.byID[dir+name]
	if g == nil {
		g = &group{id: dir + name, at: w.positionOf(dir, name)}
		gs.byID[g.id] = g
		heap.Push(&gs.byBound, g)
	}
	return g
}

// complete takes out the first group that sorts below next; nil when there is none. Empty is below everything.
func (gs *groups) complete(next string, ended bool) *group {
	if len(gs.byBound) == 0 || !ended && gs.byBound[0].at.bound >= next {
		return nil
	}
	g, _ := heap.Pop(&gs.byBound).(*group)
	delete(gs.byID, g.id)
	return g
}

// bounds is a heap of groups, the first position on top.
type bounds []*group

// Len, Less, Swap, Push and Pop are heap.Interface.
func (b *bounds) Len() int           { return len(*b) }
func (b *bounds) Less(i, j int) bool { return (*b)[i].at.compare((*b)[j].at) < 0 }
func (b *bounds) Swap(i, j int)      { (*b)[i], (*b)[j] = (*b)[j], (*b)[i] }

// Push adds a group at the end.
func (b *bounds) Push(g any) { *b = append(*b, g.(*group)) } //nolint:forcetypeassert // heap hands over what it got

// Pop takes the last group away.
func (b *bounds) Pop() any {
	last := len(*b) - 1
	g := (*b)[last]
	(*b)[last] = nil
	*b = (*b)[:last]
	return g
}
