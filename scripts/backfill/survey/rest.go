package survey

import (
	"context"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// maxDropped bounds how many folders of presets that are gone become listings of their own, joined with the originals.
// What is in further ones is looked at one by one, which costs a HEAD more for each.
const maxDropped = 16

// rest finds what stands below the resized prefix and outside of the presets' own prefixes. Folders of presets that are no
// longer in presets.yaml it returns, to be joined with the originals; what is neither, it submits.
func (w *walk) rest(ctx context.Context) (dropped []folder, err error) {
	known := w.prefixes()
	if w.OnlyOriginals || w.After != "" || len(w.Presets) > 0 || slices.Contains(known, w.Config.Resized) {
		return nil, nil
	}
	known = append(known, w.Config.Reserved()...)
	err = w.deliver(ctx, func(ctx context.Context, submit func(*group) error) error {
		after := ""
		for jump := true; jump; {
			jump = false
			err := w.each(ctx, w.Variants, w.Config.Resized, after, func(info store.Info) (bool, error) {
				prefix := covering(known, info.Key)
				if prefix == "" && len(dropped) < maxDropped {
					if prefix = w.folderOf(info.Key); prefix != "" {
						dropped, known = append(dropped, folder{prefix, info.Key[len(prefix):]}), append(known, prefix)
					}
				}
				if prefix != "" {
					jump, after = true, prefix+lastRune
					return true, nil
				}
				return false, submit(w.alone(info))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return dropped, err
}

// folder is the prefix of a preset that is gone, and the relative key of its first variant. What stands before that has been
// submitted.
type folder struct{ prefix, from string }

// folderOf is the prefix of a preset that is not in presets.yaml, as the key of one of its variants has it; empty when the
// key is none, or the prefix is not the preset's alone.
func (w *walk) folderOf(key string) string {
	name, _, _, _, ok := w.Config.ParseVariantKey(key) //nolint:dogsled // its folder and name are read when it is joined
	if !ok || slices.ContainsFunc(w.Config.Presets, func(p preset.Preset) bool { return p.Name == name }) {
		return ""
	}
	if prefix := w.Config.VariantPrefix(name); strings.HasPrefix(key, prefix) && prefix != w.Config.VariantPrefix("") {
		return prefix
	}
	return ""
}

// alone is the group of an object that meets no originals.
func (w *walk) alone(info store.Info) *group {
	g := &group{variants: []*standing{{Info: info}}}
	if name, dir, file, _, ok := w.Config.ParseVariantKey(info.Key); ok {
		g.id, g.variants[0].preset = dir+file, name
	}
	return g
}
