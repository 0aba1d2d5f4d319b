package imaging

import "github.com/presize/presize/functions/pipeline/preset"

// Forget has m render for presets as if it had rendered nothing yet.
func (m *Master) Forget(presets []preset.Preset) {
	m.dropLevels()
	m.plan(presets)
	m.share(presets)
}
