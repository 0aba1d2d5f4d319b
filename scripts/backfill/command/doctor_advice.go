package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sentence says what a kind of finding means for n of them, and what to do about it.
func sentence(a ailment, n int64) string {
	several := func(one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return count(n) + " " + many
	}
	switch a {
	case missing:
		return several("variant is", "variants are") + " not there. Render what is missing."
	case stale:
		return several("variant shows", "variants show") + " an older original or an older preset. Render what is stale."
	case taken:
		return several("variant cannot", "variants cannot") + " be written, since something else stands at its key. Give one of the two originals another name, " +
			"or use {file} in the key template; see README.md, key-taken."
	case unreadable:
		return several("original can", "originals can") + " never be rendered. Upload them again or delete them, or tolerate them."
	case disagreeing:
		return several("variant is", "variants are") + " not what the metadata says, and a run leaves alone what says of itself that it is up to date. " +
			"Delete each, and render what is missing."
	case orphan:
		return several("variant has", "variants have") + " lost the original. Delete what is left over."
	case dropped:
		return several("variant is", "variants are") + " of a preset that is gone from presets.yaml, or no longer matches the original. Delete what is left over."
	case superseded:
		return several("variant stands", "variants stand") + " at a key that the preset no longer uses for the original. Delete what is left over."
	case foreign:
		return several("object was", "objects were") + " not written by Presize. Nothing is wrong with that, and nothing deletes it."
	}
	return ""
}

// remedy is the command that does what sentence says; empty where none can.
func (c *checkup) remedy(a ailment) string {
	switch a {
	case missing, stale:
		return c.commands.run()
	case unreadable:
		return c.commands.doctor(" --allow-unreadable")
	case disagreeing:
		if first := c.chapters[a].first; len(first) > 0 {
			return c.commands.delete(first[0].Key) + " && " + c.commands.run()
		}
	case orphan, dropped, superseded:
		return c.commands.doctor(" --prune")
	case taken, foreign:
	}
	return ""
}

// reasons lists why originals can never be rendered, with how many there are of each.
func (ch *chapter) reasonsText() string {
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(ch.reasons)) {
		parts = append(parts, fmt.Sprintf("%s %s", count(ch.reasons[reason]), reason))
	}
	return strings.Join(parts, ", ")
}
