package gallery

import (
	"cmp"
	"strconv"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/local/lambda"
)

// Removed says that an original, a variant or a record was removed. An original is shown until its variants are gone too.
func (g *Gallery) Removed(change event.Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[change.Key]; e != nil {
		delete(g.runs, e.run)
		e.State, e.Reason, e.Error = Removing, "", ""
		g.mark(change.Key)
		return
	}
	if original, kind, ok := g.config.OriginalOfRecord(change.Key); ok {
		g.recordRemoved(original, kind)
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

func (g *Gallery) recordRemoved(original string, kind preset.Record) {
	e := g.originals[original]
	if e == nil {
		return
	}
	if kind == preset.ManifestRecord {
		e.Manifest = ""
	} else {
		e.Failure, e.FailureKey = nil, ""
	}
	g.mark(original)
}

// vanish takes an original out of the account; g.mu is held.
func (g *Gallery) vanish(e *entry) {
	delete(g.runs, e.run)
	delete(g.originals, e.Key)
	g.mark(e.Key)
	g.changed.Broadcast()
}

// Cleanup is what tells the gallery of the runs of the function that cleans up.
func (g *Gallery) Cleanup() lambda.Observer {
	return lambda.Observer{Line: g.cleaned, DeadLettered: g.notCleaned}
}

// cleaned reads the function's account of a removed original: it is gone, or back and in order.
func (g *Gallery) cleaned(_ lambda.Invocation, line string) {
	a, ok := readAccount(line)
	if !ok {
		return
	}
	g.removing(a.Original, func(e *entry) {
		switch state := outcomes[a.Outcome]; {
		case a.Outcome == outcomeRemoved, a.Outcome == outcomeGone:
			g.vanish(e)
		case state == "": // a retry is to come
			e.Error = a.Error
		default:
			e.State = state
			g.apply(&e.Original, a)
			g.changed.Broadcast()
		}
	})
}

// notCleaned says of the originals of a dead letter that what belongs to them is still there.
func (g *Gallery) notCleaned(letter lambda.DeadLetter) {
	envelope, err := event.Parse(letter.Payload)
	if err != nil {
		return
	}
	for _, record := range envelope.Records {
		for _, change := range record.Changes {
			g.removing(change.Key, func(e *entry) {
				e.State = Failed
				e.Error = cmp.Or(e.Error, letter.Err.Error())
				e.Reason = "removed, but its variants are not: given up after " + strconv.Itoa(letter.Attempts) + " attempts"
				g.changed.Broadcast()
			})
		}
	}
}

// removing changes what is told of an original that is removed, and was not uploaded again since.
func (g *Gallery) removing(key string, change func(*entry)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[key]; e != nil && e.State == Removing {
		change(e)
		g.mark(key)
	}
}
