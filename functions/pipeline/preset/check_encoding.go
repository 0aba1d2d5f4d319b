package preset

import (
	"slices"
	"strings"
)

func (k check) gravity() {
	if !k.own("gravity") || !k.sure("fit") {
		return
	}
	switch {
	case k.Fit == Inside || k.Fit == Fill:
		k.refuse("gravity", "found %q with fit %q, which crops and pads nothing; leave gravity out, or choose fit: cover or contain", k.Gravity, k.Fit)
	case k.Fit == Contain && k.Gravity == Smart:
		k.refuse("gravity", "found \"smart\" with fit \"contain\", which crops nothing; choose centre or a compass point, or fit: cover")
	}
}

// encoding refuses what the encoder of the preset's format does not have. The format original is spared: what it
// becomes is known only when an original is.
func (k check) encoding() {
	if !k.sure("format") || k.Format == Original {
		return
	}
	k.effort()
	for _, c := range []struct {
		field string
		asked bool
		has   []Format
		why   string
	}{
		{"quality", true, []Format{JPEG, WebP, AVIF}, "has no quality to choose"},
		{"lossless", k.Lossless, []Format{WebP, AVIF, PNG}, "cannot be lossless"},
		{"progressive", k.Progressive, []Format{JPEG, PNG}, "cannot be progressive"},
		{"chroma", k.Chroma != ChromaAuto, []Format{JPEG, WebP, AVIF}, "has no subsampling to choose"},
		{"animated", k.Animated == Keep, []Format{WebP, GIF}, "variants hold one frame"},
	} {
		if c.asked && k.own(c.field) && !slices.Contains(c.has, k.Format) {
			k.refuse(c.field, "has no effect: %s %s; leave it out, or choose the format %s", k.Format, c.why, formatList(c.has))
		}
	}
}

func (k check) effort() {
	if !k.own("effort") {
		return
	}
	least, most, ok := k.Format.EffortRange()
	switch {
	case !ok:
		k.refuse("effort", "has no effect: the %s encoder has no scale of effort; leave it out", k.Format)
	case k.Effort < least || k.Effort > most:
		k.refuse("effort", "found %d; a whole number from %d to %d is right for %s", k.Effort, least, most, k.Format)
	}
}

func formatList(formats []Format) string {
	var b strings.Builder
	for i, f := range formats {
		switch {
		case i == 0:
		case i == len(formats)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(f))
	}
	return b.String()
}
