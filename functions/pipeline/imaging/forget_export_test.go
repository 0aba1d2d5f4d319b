package imaging

import "github.com/presize/presize/functions/pipeline/preset"

// Forget has a master that was decoded whole render presets as if it had rendered nothing yet.
func (m *Master) Forget(presets []preset.Preset) {
	m.dropLevels()
	m.shared = nil
	m.plan(presets)
	m.share(presets)
}
