package preset

import (
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// countSlots holds a template to one of each placeholder.
func countSlots(pieces []piece, fault func(string, ...any)) {
	count := map[string]int{}
	for _, p := range pieces {
		count[p.slot]++
	}
	for _, slot := range slots {
		if count[slot] > 1 {
			fault("{%s} stands in it %d times; once is right", slot, count[slot])
		}
	}
	for _, need := range []struct{ slot, why string }{
		{slotPreset, "every preset would write the same key"},
		{slotDir, "originals of one name in two folders would write the same key"},
		{slotExt, "a variant's format would not be in its key"},
	} {
		if count[need.slot] == 0 {
			fault("{%s} is missing: without it, %s", need.slot, need.why)
		}
	}
	switch {
	case count[slotName] == 0 && count[slotFile] == 0:
		fault("{name} is missing: without it or {file}, the originals of a folder would write the same key")
	case count[slotName] > 0 && count[slotFile] > 0:
		fault("{name} and {file} are both in it; one of them is right")
	}
	if n := len(pieces); n < 2 || pieces[n-1].slot != slotExt || !strings.HasSuffix(pieces[n-2].literal, ".") {
		fault("it does not end in \".{ext}\"")
	}
}

// check holds a template to segments that are neither empty nor a way out of the prefix, and that can be read back.
func (t template) check(fault func(string, ...any)) {
	all := append(slices.Clone(t.before), t.after...)
	for i, s := range all {
		switch {
		case len(s) == 0 && i == 0:
			fault("it starts with \"/\"; it stands below the resized prefix and needs none")
		case len(s) == 0 && i == len(t.before):
			fault("\"/\" stands behind {dir}, which is empty or ends in \"/\" already: remove it")
		case len(s) == 0 && i < len(all)-1:
			fault("found \"//\"; one \"/\" is right")
		case len(s) == 1 && (s[0].literal == "." || s[0].literal == ".."):
			fault("found the segment %q; S3 takes it literally and other tools do not: leave it out", s[0].literal)
		case i == 0 && len(s) == 1 && slices.Contains(document.ReservedNames[:], s[0].literal):
			fault("it starts with %q, a folder that Presize keeps for itself below the resized prefix; choose another", s[0].literal+"/")
		}
		if first, sep, second := s.pair(); second != "" && sep == "" {
			fault("nothing parts {%s} from {%s}; put a \"/\" or a \"-\" between them", first, second)
		}
	}
}

// pair is the segment's two slots of {preset} and {name} or {file}, in their order, and the literal between them. second
// is empty when the segment has at most one of them.
func (s segment) pair() (first, sep, second string) {
	for _, p := range s {
		switch p.slot {
		case slotPreset, slotName, slotFile:
			if first != "" {
				return first, sep, p.slot
			}
			first = p.slot
		case "":
			if first != "" {
				sep += p.literal
			}
		}
	}
	return first, sep, ""
}
