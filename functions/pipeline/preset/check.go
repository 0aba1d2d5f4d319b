package preset

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// checkPrefixes refuses prefixes that S3 or a person would read as another one, and prefixes that overlap: each variant
// would be an original again.
func checkPrefixes(c *Config, source *document.Source) {
	for _, p := range []struct{ path, value string }{{"originals", c.Originals}, {"resized", c.Resized}} {
		for segment := range strings.SplitSeq(p.value, "/") {
			if segment == "." || segment == ".." {
				source.Add(source.At(p.path), p.path, "found %q, with the segment %q; S3 takes it literally and other tools do not: leave it out", p.value, segment)
			}
		}
	}
	if source.Flawed("originals") || source.Flawed("resized") {
		return
	}
	const right = `they must not overlap, or every variant would be an original again: originals/ and resized/ are right`
	path := "resized"
	if !source.Given(path) {
		path = "originals"
	}
	switch {
	case c.Originals == c.Resized:
		source.Add(source.At(path), path, "originals and resized are both %q; %s", c.Resized, right)
	case strings.HasPrefix(c.Resized, c.Originals):
		source.Add(source.At(path), path, "resized %q lies within originals %q; %s", c.Resized, c.Originals, right)
	case strings.HasPrefix(c.Originals, c.Resized):
		source.Add(source.At(path), path, "originals %q lies within resized %q; %s", c.Originals, c.Resized, right)
	}
}

// check is one preset's checks across fields. They hold to one rule: a preset must not itself ask for what its variants
// cannot have. A value that comes from defaults, meant for other presets too, then simply has no effect.
type check struct {
	Preset
	source *document.Source
}

// own says whether the preset itself, not the defaults, gives a field, and rightly so.
func (k check) own(field string) bool {
	path := fieldPath(k.Name, field)
	return k.source.Given(path) && !k.source.Flawed(path)
}

// sure says whether the effective value of a field is what the file means.
func (k check) sure(field string) bool {
	if path := fieldPath(k.Name, field); k.source.Given(path) {
		return !k.source.Flawed(path)
	}
	return !k.source.Flawed("defaults." + field)
}

func (k check) refuse(field, format string, args ...any) {
	path := fieldPath(k.Name, field)
	at := k.source.At(path)
	if at == (document.Position{}) {
		at = k.source.At(fieldPath(k.Name, ""))
	}
	k.source.Add(at, path, "%s", fmt.Sprintf(format, args...))
}

func checkPreset(p Preset, c *Config, source *document.Source) {
	k := check{p, source}
	k.box()
	k.gravity()
	k.encoding()
	k.match(c)
}

func (k check) box() {
	width, height := k.source.Given(fieldPath(k.Name, "width")), k.source.Given(fieldPath(k.Name, "height"))
	switch {
	case k.source.Flawed(fieldPath(k.Name, "")):
	case !width && !height:
		k.refuse("", "has neither width nor height; give one or both in pixels, such as width: 368")
	case k.Fit == Inside || !k.sure("fit") || width && height:
	default:
		missing := "height"
		if height {
			missing = "width"
		}
		origin := ""
		if !k.own("fit") {
			origin = " (from defaults)"
		}
		k.refuse("fit", "found %q%s without a %s; %s needs both sides: add the %s, or choose inside", k.Fit, origin, missing, k.Fit, missing)
	}
}

func (k check) match(c *Config) {
	if !k.own("match") {
		return
	}
	switch {
	case !doublestar.ValidatePattern(k.Match):
		k.refuse("match", "found %q, which is not a glob: a bracket, a brace or a backslash is not closed; users/** or **/*.{jpg,jpeg} is right", k.Match)
	case strings.HasPrefix(k.Match, "/"):
		k.refuse("match", "found %q; a match is relative to the originals prefix and starts without \"/\": write %q", k.Match, strings.TrimLeft(k.Match, "/"))
	case strings.HasPrefix(k.Match, c.Originals):
		k.refuse("match", "found %q; a match is relative to the originals prefix: write %q", k.Match, strings.TrimPrefix(k.Match, c.Originals))
	}
}
