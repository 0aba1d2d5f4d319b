package contest

import (
	"errors"
	"fmt"

	"github.com/presize/presize/functions/pipeline/preset"
)

// asked are the presets that the peers' programs are written for, in the order of presets.yaml.
var asked = []preset.Preset{
	{Name: "small", Width: 368, Fit: preset.Inside, Format: preset.Original, Quality: 80, Effort: preset.NoEffort},
	{Name: "medium", Width: 720, Fit: preset.Inside, Format: preset.Original, Quality: 80, Effort: preset.NoEffort},
	{Name: "large", Width: 1440, Fit: preset.Inside, Format: preset.Original, Quality: 80, Effort: preset.NoEffort},
	{Name: "thumbnail", Width: 150, Height: 150, Fit: preset.Cover, Format: preset.WebP, Quality: 85, Effort: 6},
}

// CheckPresets refuses presets that ask other outputs of Presize than the peers write.
func CheckPresets(config *preset.Config) error {
	if len(config.Presets) != len(asked) {
		return fmt.Errorf("%d presets; the peers are written for the %d of the presets.yaml that Presize comes with",
			len(config.Presets), len(asked))
	}
	var all []error
	for i, p := range config.Presets {
		want := asked[i]
		got := preset.Preset{
			Name: p.Name, Width: p.Width, Height: p.Height, Fit: p.Fit, Format: p.Format, Quality: p.Quality, Effort: p.Effort,
		}
		if got != want {
			all = append(all, fmt.Errorf("preset %s is %s; the peers are written for %s", p.Name, words(got), words(want)))
		}
	}
	return errors.Join(all...)
}

func words(p preset.Preset) string {
	return fmt.Sprintf("%s: %d x %d %s, %s at quality %d, effort %d", p.Name, p.Width, p.Height, p.Fit, p.Format, p.Quality,
		p.Effort)
}
