package gallery

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
)

// maxCompletions is how many completion events are remembered.
const maxCompletions = 200

// Completion is a completion event as it came over the bus.
type Completion struct {
	Number     int             `json:"number"` // from 1, in the order in which they came
	Received   time.Time       `json:"received"`
	DetailType string          `json:"detailType"`
	Event      json.RawMessage `json:"event"`
}

// Completed takes a completion event. One that cannot be read is an error, and is not shown.
func (g *Gallery) Completed(detailType string, detail []byte) error {
	event, err := report.DecodeCompletion(detail)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.completed++
	now := time.Now().UTC()
	g.completions = append(g.completions, Completion{g.completed, now, detailType, slices.Clone(detail)})
	if over := len(g.completions) - maxCompletions; over > 0 {
		g.completions = slices.Delete(g.completions, 0, over)
	}
	if e := g.originals[event.Original.Key]; e != nil && event.Kind == report.KindCreated && event.Original.ETag == e.ETag {
		e.Announced = &now
		g.mark(e.Key)
	}
	for s := range g.watchers {
		s.ring()
	}
	return nil
}

// completionsSince are the remembered events after the first seen ones; g.mu is held.
func (g *Gallery) completionsSince(seen int) []Completion {
	first := g.completed - len(g.completions) // how many are forgotten
	return slices.Clone(g.completions[min(max(seen-first, 0), len(g.completions)):])
}
