package pipeline

import (
	"context"
	"slices"

	"github.com/presize/presize/functions/pipeline/preset"
)

// guard refuses, before anything is read, whatever could make the pipeline feed on its own output or is none of its
// business.
func guard(_ context.Context, w *work) error {
	config := w.pipeline.Config
	if _, reason := config.Classify(w.change.Key); reason != "" {
		return skip(string(reason))
	}
	w.presets = config.PresetsFor(w.change.Key)
	if asked := w.change.Presets; len(asked) > 0 {
		w.presets = slices.DeleteFunc(w.presets, func(p preset.Preset) bool { return !slices.Contains(asked, p.Name) })
	}
	if len(w.presets) == 0 {
		return errNoPreset
	}
	return nil
}
