package report

import "slices"

// Inherit adds to a manifest what an earlier one of the same original, in the same state, says of presets that were not
// rendered this time, because the change asked for others only: their variants if they are what the presets make today,
// and else their failures. What of the original this rendering did not find out comes from the earlier one too.
func (r Rendering) Inherit(now, earlier Manifest) Manifest {
	if now.Original.Key != earlier.Original.Key || now.Original.ETag != earlier.Original.ETag {
		return now
	}
	if now.Original.Width == 0 {
		now.Original = earlier.Original
	}
	if now.Placeholder == nil {
		now.Placeholder = earlier.Placeholder
	}
	whole := slices.ContainsFunc(now.Failures, func(f Failure) bool { return f.Preset == "" })
	var variants []ManifestVariant
	failures := slices.Clone(now.Failures)
	for _, p := range r.Config.PresetsFor(now.Original.Key) {
		if i := variantOf(now, p.Name); i >= 0 {
			variants = append(variants, now.Variants[i])
			continue
		}
		if whole || failureOf(now, p.Name) >= 0 {
			continue
		}
		if i := variantOf(earlier, p.Name); i >= 0 && earlier.Variants[i].Fingerprint == p.Fingerprint(r.Renderer) {
			v := earlier.Variants[i]
			v.URL = r.Links.URL(v.Key, now.Original.ETag, v.Fingerprint)
			variants = append(variants, v)
		} else if i := failureOf(earlier, p.Name); i >= 0 {
			failures = append(failures, earlier.Failures[i])
		}
	}
	now.Variants, now.Failures = variants, failures
	return r.conclude(now)
}

func variantOf(m Manifest, name string) int {
	return slices.IndexFunc(m.Variants, func(v ManifestVariant) bool { return v.Preset == name })
}

func failureOf(m Manifest, name string) int {
	return slices.IndexFunc(m.Failures, func(f Failure) bool { return f.Preset == name })
}
