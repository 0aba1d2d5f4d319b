package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// wishes is what an error says a backfill may ask for.
const wishes = `"only" with "stale" or "all", and "presets" with names of presets`

// The values of wish.Only. Empty is as onlyAll.
const (
	onlyStale = "stale"
	onlyAll   = "all"
)

// wish is what a backfill asks for beyond what happened to the object: the record member "presize" of an S3 notification,
// and the user arguments of an S3 Batch Operations job.
//
// AWS writes no such member. It is read in every wrapping, not only in direct invocations, so that an event that went
// through a queue or the dead letters means what it meant; whoever can send one could invoke the function anyway, and all
// that it can do is to render less.
type wish struct {
	Presets []string `json:"presets,omitempty"`
	Only    string   `json:"only,omitempty"`
}

// wishOf is what a change carries; nil when that is nothing.
func wishOf(c Change) *wish {
	if len(c.Presets) == 0 && !c.Stale {
		return nil
	}
	w := wish{Presets: c.Presets}
	if c.Stale {
		w.Only = onlyStale
	}
	return &w
}

// of is the change with what is asked for.
func (w wish) of(c Change) Change {
	c.Presets, c.Stale = w.Presets, w.Only == onlyStale
	return c
}

// check returns a *MalformedError about raw when something is asked for that nothing can fulfil: rendering everything
// instead would cost money that nobody wanted to spend.
func (w wish) check(raw []byte) error {
	switch {
	case w.Only != "" && w.Only != onlyStale && w.Only != onlyAll:
		return malformed(raw, fmt.Sprintf(`"only" with %q`, cut(w.Only, maxName)), wishes, nil)
	case slices.Contains(w.Presets, ""):
		return malformed(raw, `"presets" with an empty name`, wishes, nil)
	case slices.ContainsFunc(w.Presets, func(name string) bool { return !utf8.ValidString(name) }):
		return malformed(raw, `"presets" with a name that is not text`, wishes, nil)
	}
	return nil
}

// readWish reads the member "presize" of a record of an S3 notification, which is nearly never there.
func readWish(raw json.RawMessage) (wish, error) {
	var w wish
	if len(raw) == 0 {
		return w, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&w); err != nil {
		return wish{}, malformed(raw, `a record whose "presize" does not decode`, wishes, err)
	}
	if len(w.Presets) == 0 {
		w.Presets = nil
	}
	return w, w.check(raw)
}
