package invoke

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// unknownPreset is the reason of a change that asks for a preset that presets.yaml does not have.
const unknownPreset = "unknown-preset"

// sync sends changes through the pipeline. A backfill that asks for a preset that the function does not know, because its
// name is misspelt or not deployed yet, hears of it: skipping would look like success on every original.
func (h *Handler) sync(ctx context.Context, changes []event.Change) []pipeline.Result {
	results := make([]pipeline.Result, len(changes))
	var known []event.Change
	var at []int
	for i, change := range changes {
		if name := h.unknown(change.Presets); name != "" {
			results[i].Original = h.refuse(ctx, change, name)
			continue
		}
		known, at = append(known, change), append(at, i)
	}
	for i, result := range h.Pipeline.SyncAll(ctx, known...) {
		results[at[i]] = result
	}
	return results
}

// unknown is the first of the names that no preset has; empty when there is none.
func (h *Handler) unknown(names []string) string {
	for _, name := range names {
		if !slices.ContainsFunc(h.Pipeline.Config.Presets, func(p preset.Preset) bool { return p.Name == name }) {
			return name
		}
	}
	return ""
}

func (h *Handler) refuse(ctx context.Context, change event.Change, name string) report.Original {
	var known []string
	for _, p := range h.Pipeline.Config.Presets {
		known = append(known, p.Name)
	}
	original := report.Original{
		Bucket: change.Bucket, Key: change.Key, ETag: change.ETag, Outcome: report.Failed, Reason: unknownPreset,
		Err: fmt.Errorf("the function's presets.yaml has no %q; it has %s", name, strings.Join(known, ", ")),
	}
	h.Pipeline.Report(ctx, original)
	return original
}
