package survey

import (
	"context"
	"fmt"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// Survey is what to compare. Config, Originals and Variants are required.
type Survey struct {
	Config    *preset.Config
	Originals store.Objects
	Variants  store.Objects

	// Index, unless nil, remembers the metadata that was looked at.
	Index *Index
	// TrustListing sends no HEAD: a variant that stands there is up to date unless it is older than its original, and
	// what kind an Extra is of is a guess by its key.
	TrustListing bool
	// Prefix of the originals, below Config.Originals; empty for all. Extras are those whose original, or for want of one
	// whose own folder and name, begin with it.
	Prefix string
	// After goes on behind the original with this key: only originals that come later in an ordered walk are found, and no
	// Extras of what came before. An ordered walk follows stems, not keys ("photo" comes after "photo-1.jpg", see doc.go), so
	// that an original that is found may have a key below After: Compare tells which comes first. Whoever keeps a position
	// must keep the key of the last original of the walk, not the greatest.
	After string
	// Presets are the names of the presets to compare; empty for all. With it, no Extras of other presets are found.
	Presets []string
	// OnlyOriginals finds no Extras, and sends no HEAD for them.
	OnlyOriginals bool
	// Ordered walks from the first stem to the last, in one range.
	Ordered bool
	// Parallel is how many ranges are listed at a time; 0: 16.
	Parallel int
	// Heads is how many HEADs are under way at a time; 0: 64.
	Heads int
	// Progress, unless nil, is called with what the walk has cost so far, now and then, from several goroutines.
	Progress func(Cost)

	splitAbove int // originals that a range lists before it gives its rest away; 0: defaultSplitAbove, in tests less
}

// Cost counts the requests that a walk sent. Saved are the HEADs that the index made unnecessary.
type Cost struct{ Lists, Heads, Saved int64 }

// Walk calls visit with every finding, from one goroutine at a time, and returns visit's error when it has one. What was
// found until an error came is right, and not all.
func (s *Survey) Walk(ctx context.Context, visit func(Finding) error) (Cost, error) {
	if s.After != "" {
		if _, _, ok := s.Config.Stem(s.After); !ok || !s.Ordered {
			return Cost{}, fmt.Errorf("survey: After is %q: it must be an original's key, and the walk ordered", s.After)
		}
	}
	w := newWalk(s, visit)
	err := w.run(ctx)
	return w.spent(), err
}

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
