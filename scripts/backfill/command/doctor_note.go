package command

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/presize/presize/scripts/backfill/survey"
)

// chapter is what was found of one kind.
type chapter struct {
	count, bytes int64
	first        []diagnosis // the first by key, as many as are shown
	reasons      map[string]int64
}

// meant says whether what is left over belongs to what --match selects: by its original, which what is foreign has not.
func (c *checkup) meant(e survey.Extra) bool {
	return c.Match == "" || doublestar.MatchUnvalidated(c.Match, strings.TrimPrefix(e.Original, c.at.Config.Originals)) && e.Original != ""
}

// note keeps a diagnosis.
func (c *checkup) note(g diagnosis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := c.chapters[g.Kind]
	ch.count++
	ch.bytes += g.Bytes
	if g.Reason != "" {
		ch.reasons[g.Reason]++
	}
	if g.Kind == orphan {
		c.orphans[g.Preset]++
	}
	at, _ := slices.BinarySearchFunc(ch.first, g, func(a, b diagnosis) int { return strings.Compare(a.about()+a.Preset, b.about()+b.Preset) })
	if at < c.shown {
		ch.first = slices.Insert(ch.first, at, g)
		ch.first = ch.first[:min(len(ch.first), c.shown)]
	}
	if (c.json || c.prune && g.Kind.prunable()) && c.spoolErr == nil {
		c.spoolErr = c.spool.add(g)
	}
}

// missed counts what could not be read for a reason that may pass: it says nothing about the original.
func (c *checkup) missed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unread++
	if c.whyNot == nil {
		c.whyNot = err
	}
}
