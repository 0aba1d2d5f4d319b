package command

import (
	"fmt"
	"strings"
)

// ailment is a kind of finding. Those of survey keep its words.
type ailment string

const (
	missing     ailment = "missing"
	stale       ailment = "stale"
	taken       ailment = "taken"
	unreadable  ailment = "unreadable"
	disagreeing ailment = "disagreeing"
	orphan      ailment = "orphan"
	dropped     ailment = "dropped"
	superseded  ailment = "superseded"
	foreign     ailment = "foreign"
)

// ailments are all of them, in the order in which they are told.
var ailments = []ailment{missing, stale, taken, unreadable, disagreeing, orphan, dropped, superseded, foreign}

// prunable says whether --prune deletes what has it.
func (a ailment) prunable() bool { return a == orphan || a == dropped || a == superseded }

// diagnosis is one finding, as --json prints it. The names of its fields are an interface: they stay.
type diagnosis struct {
	Kind          ailment        `json:"kind"`
	Key           string         `json:"key,omitempty"`      // of what stands below the resized prefix
	Original      string         `json:"original,omitempty"` // its key; of what is left over, as the metadata says
	Preset        string         `json:"preset,omitempty"`
	Bytes         int64          `json:"bytes,omitempty"`
	Why           string         `json:"why,omitempty"`     // of stale: original-changed, preset-changed, or both joined by "+"
	Reason        string         `json:"reason,omitempty"`  // of unreadable, and of missing that cannot be helped: the pipeline's short word
	Message       string         `json:"message,omitempty"` // of unreadable and taken: what the words above leave out
	Disagreements []disagreement `json:"disagreements,omitempty"`
}

// disagreement is one way in which a variant is not what its metadata says.
type disagreement struct {
	What     string `json:"what"` // size, preset, type, bytes or image
	Found    string `json:"found"`
	Recorded string `json:"recorded"`
}

// about is what a diagnosis is about: the key that a person looks for first.
func (g diagnosis) about() string {
	if g.Key != "" {
		return g.Key
	}
	return g.Original
}

// line is a diagnosis for people.
func (g diagnosis) line() string {
	switch g.Kind {
	case missing:
		if g.Reason != "" {
			return fmt.Sprintf("%s: %s, %s: %s", g.Original, g.Preset, g.Reason, g.Message)
		}
		return fmt.Sprintf("%s: %s", g.Original, g.Preset)
	case stale:
		return fmt.Sprintf("%s: %s of %s, %s", g.Key, g.Preset, g.Original, strings.ReplaceAll(g.Why, "+", " and "))
	case taken:
		return fmt.Sprintf("%s: wanted for %s of %s, and %s", g.Key, g.Preset, g.Original, g.Message)
	case unreadable:
		return fmt.Sprintf("%s: %s: %s", g.Original, g.Reason, g.Message)
	case disagreeing:
		var parts []string
		for _, d := range g.Disagreements {
			parts = append(parts, fmt.Sprintf("%s: found %s, recorded %s", d.What, d.Found, d.Recorded))
		}
		return g.Key + ": " + strings.Join(parts, "; ")
	case foreign:
		return g.Key
	case orphan, dropped, superseded:
	}
	return fmt.Sprintf("%s: of %s", g.Key, g.Original)
}
