package command

import (
	"fmt"
	"path"
	"strings"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/backfill/survey"
)

// contradictions are what a variant's metadata says that cannot be, whatever its bytes are. Of a stale variant the preset may have
// been another when it was rendered, and its size is no news.
func (c *checkup) contradictions(v survey.Variant) []disagreement {
	if v.Mark == (pipeline.Mark{}) {
		return nil
	}
	var out []disagreement
	if v.Mark.Preset != v.Preset {
		out = append(out, disagreement{"preset", fmt.Sprintf("the key of %q", v.Preset), fmt.Sprintf("%q", v.Mark.Preset)})
	}
	p, ok := c.presetNamed(v.Preset)
	if !ok || v.State != survey.UpToDate {
		return out
	}
	p.Format = formatOf(v.Key, p.Format)
	switch width, height, allowed := allows(p, v.Mark.Width, v.Mark.Height); {
	case v.Mark.Width <= 0 || v.Mark.Height <= 0:
		out = append(out, disagreement{"size", "no size in the metadata", pixels(v.Mark.Width, v.Mark.Height)})
	case !allowed:
		out = append(out, disagreement{"size", fmt.Sprintf("the preset %s, which makes %s of that", p.Name, pixels(width, height)), pixels(v.Mark.Width, v.Mark.Height)})
	}
	return out
}

// endless is longer than any side of an original.
const endless = 1 << 24

// allows says whether a preset can make a variant of this size out of any original, and the size that it makes of one this large.
//
// What a preset has made it leaves alone: an original of a variant's size gives that size again. Only a box that is made smaller
// for an original that does not fill it is rounded, on the side that does not decide.
func allows(p preset.Preset, width, height int) (againWidth, againHeight int, ok bool) {
	if width <= 0 || height <= 0 {
		return 0, 0, false
	}
	for i, original := range [][2]int{{width, height}, {width, endless}, {endless, height}} {
		w, h := imaging.Plan(p, original[0], original[1]).Size()
		if i == 0 {
			againWidth, againHeight = w, h
		}
		if w == width && h == height {
			return againWidth, againHeight, true
		}
	}
	return againWidth, againHeight, false
}

// formatOf is the format of a variant, by its key where the preset takes the original's.
func formatOf(key string, f preset.Format) preset.Format {
	if f != preset.Original {
		return f
	}
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(key), "."))
	for _, f := range []preset.Format{preset.PNG, preset.WebP, preset.GIF, preset.AVIF} {
		if ext == f.Extension() {
			return f
		}
	}
	return preset.JPEG
}

func pixels(width, height int) string { return fmt.Sprintf("%d x %d pixels", width, height) }
