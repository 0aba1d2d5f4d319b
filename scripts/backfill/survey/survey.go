package survey

import (
	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/store"
)

// State is how a variant stands to what presets.yaml asks for today.
type State string

// The states. Taken means that another original's variant, or something that Presize did not write, stands at the only
// key that the variant may have.
const (
	UpToDate State = "up-to-date"
	Missing  State = "missing"
	Stale    State = "stale"
	Taken    State = "taken"
)

// Why is what a stale variant lags behind.
type Why string

// The reasons. They are joined by "+" when both hold.
const (
	OriginalChanged Why = "original-changed"
	PresetChanged   Why = "preset-changed"
	BothChanged     Why = "original-changed+preset-changed"
)

// Variant is one preset that an original gets.
type Variant struct {
	Preset string
	State  State
	Why    Why           // of Stale
	Key    string        // of what stands there; empty when Missing
	Bytes  int64         // of what stands there
	Mark   pipeline.Mark // of what stands there; zero when it was not looked at
}

// Kind is why something below the resized prefix is asked for by nothing.
type Kind string

// The kinds. An orphan's original is gone. A dropped variant's preset is no longer in presets.yaml, or no longer matches
// its original. A superseded variant has another key than its preset writes today, for example another extension. What is
// foreign was not written by Presize, and is never deleted.
const (
	Orphan     Kind = "orphan"
	Dropped    Kind = "dropped"
	Superseded Kind = "superseded"
	Foreign    Kind = "foreign"
)

// Extra is an object below the resized prefix that nothing asks for.
type Extra struct {
	Kind     Kind
	Key      string
	Preset   string // as the key says; empty for Foreign
	Original string // as its metadata says; empty when it was not looked at
	Bytes    int64
}

// Finding is what was found of one stem: every original that has it, with its variants, and what is left over.
type Finding struct {
	Originals []Original
	Extras    []Extra
}

// Original is one original and how its variants stand.
type Original struct {
	store.Info // as listed: key, size, ETag, time

	Variants []Variant // in presets.yaml's order
}
