package invoke

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// unknownPreset is the reason of a change that asks for a preset that presets.yaml does not have.
const unknownPreset = "unknown-preset"

// create sends a change through the pipeline. A backfill that asks for a preset that the function does not know, because
// its name is misspelt or not deployed yet, hears of it: skipping would look like success on every original.
func (h *Handler) create(ctx context.Context, change event.Change) (report.Original, error) {
	presets := h.Pipeline.Config.Presets
	for _, name := range change.Presets {
		if slices.ContainsFunc(presets, func(p preset.Preset) bool { return p.Name == name }) {
			continue
		}
		var known []string
		for _, p := range presets {
			known = append(known, p.Name)
		}
		original := report.Original{
			Bucket: change.Bucket, Key: change.Key, ETag: change.ETag, Outcome: report.Failed, Reason: unknownPreset,
			Err: fmt.Errorf("the function's presets.yaml has no %q; it has %s", name, strings.Join(known, ", ")),
		}
		h.Pipeline.Report(ctx, original)
		return original, nil
	}
	return h.Pipeline.Create(ctx, change)
}
