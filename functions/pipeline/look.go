package pipeline

import (
	"context"
	"slices"

	"github.com/presize/presize/functions/pipeline/preset"
)

// look finds what stands there already, when a change asks for less than everything. What is missing or stale is found by
// a HEAD of the original and of each variant: rendering what was there would cost more. A change that names its presets
// renders those; of the others it has the manifest's word, or a HEAD where there is none.
func look(ctx context.Context, w *work) error {
	config := w.pipeline.Config
	all := config.PresetsFor(w.change.Key)
	if !w.look && len(w.presets) == len(all) {
		return nil
	}
	now, err := w.head(ctx)
	if err != nil {
		return err
	}
	w.looked = now.ETag
	render, older, err := w.wanting(ctx, all)
	if err != nil {
		return err
	}
	if older {
		// Overwritten, and its own event is still to come, or was lost: a part of the presets would leave a mixture.
		clear(w.standing)
		w.presets = all
		return nil
	}
	w.presets = render
	for _, p := range render {
		delete(w.standing, p.Name)
	}
	if len(render) > 0 {
		return nil
	}
	complete, err := w.recorded(ctx)
	if err != nil {
		return err
	}
	if complete {
		return errUpToDate
	}
	return nil
}

// wanting are the presets to render, of those that are asked for. older: the variants of another show an older state.
func (w *work) wanting(ctx context.Context, all []preset.Preset) (render []preset.Preset, older bool, err error) {
	if !w.look {
		if err := w.readManifest(ctx); err != nil {
			return nil, false, err
		}
		if w.manifest != nil && w.manifest.Original.ETag != w.looked {
			return nil, true, nil
		}
	}
	for _, p := range all {
		asked := slices.ContainsFunc(w.presets, func(a preset.Preset) bool { return a.Name == p.Name })
		switch {
		case asked && !w.look:
			render = append(render, p)
			continue
		case !w.look && w.told(p):
			continue
		}
		fresh, older, err := w.find(ctx, p)
		if err != nil || older {
			return nil, older, err
		}
		if asked && !fresh {
			render = append(render, p)
		}
	}
	return render, false, nil
}

// told notes the variant of a preset that the manifest names.
func (w *work) told(p preset.Preset) bool {
	if w.manifest == nil {
		return false
	}
	for _, v := range w.manifest.Variants {
		if v.Preset == p.Name {
			mark := Mark{
				Original: w.change.Key, ETag: w.looked, Preset: p.Name, Fingerprint: v.Fingerprint, Width: v.Width, Height: v.Height,
			}
			w.stand(p.Name, standing{v.Key, mark, v.Bytes, v.Type})
			return true
		}
	}
	return false
}

// find notes the variant of a preset that stands, as long as it shows the original's present state. fresh: it is what
// the preset makes today. older: a variant of an older state stands.
func (w *work) find(ctx context.Context, p preset.Preset) (fresh, older bool, err error) {
	found, err := w.heads(ctx, w.pipeline.Config.PredictKeys(p, w.change.Key))
	if err != nil {
		return false, false, err
	}
	for _, there := range found {
		mark := ReadMark(there.Metadata)
		switch {
		case mark.Original != w.change.Key:
		case mark.ETag != w.looked:
			older = true
		case !fresh:
			w.stand(p.Name, standing{there.Key, mark, there.Size, there.ContentType})
			fresh = mark.Shows(w.change.Key, w.looked, p)
		}
	}
	return fresh, older, nil
}
