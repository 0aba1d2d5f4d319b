package survey

import (
	"context"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// leftover says why an object that no original claims stands there.
func (w *walk) leftover(ctx context.Context, g *group, v *standing) error {
	if v.claimed {
		return nil
	}
	if w.TrustListing {
		if w.within(g, "") {
			g.finding.Extras = append(g.finding.Extras, w.guess(g, v))
		}
		return nil
	}
	if err := w.look(ctx, v); err != nil || v.gone {
		return err
	}
	extra := Extra{Kind: Foreign, Key: v.Key, Original: v.mark.Original, Bytes: v.Size}
	if extra.Original != "" {
		extra.Preset = v.preset
		if extra.Preset == "" {
			extra.Preset = v.mark.Preset
		}
		alive, err := w.lives(ctx, g, extra.Original)
		switch {
		case err != nil:
			return err
		case !alive:
			extra.Kind = Orphan
		case w.applies(extra.Preset, extra.Original):
			extra.Kind = Superseded
		default:
			extra.Kind = Dropped
		}
	}
	if w.within(g, extra.Original) {
		g.finding.Extras = append(g.finding.Extras, extra)
	}
	return nil
}

// within says whether an extra is one that was asked for: by its original, or for want of one by its stem.
func (w *walk) within(g *group, original string) bool {
	if w.After != "" && g.at.compare(w.after) <= 0 {
		return false
	}
	if original == "" {
		original = w.Config.Originals + g.id
	}
	return strings.HasPrefix(original, w.Config.Originals+w.Prefix)
}

// applies says whether the original gets the preset of this name.
func (w *walk) applies(name, original string) bool {
	for _, p := range w.Config.Presets {
		if p.Name == name {
			return w.Config.Applies(p, original)
		}
	}
	return false
}

// trust says how a preset stands by the listing alone. What another original has claimed already cannot be this one's.
func (w *walk) trust(g *group, o store.Info, p preset.Preset, keys []string, byKey map[string]*standing) Variant {
	for i, key := range keys {
		v := byKey[key]
		switch {
		case v == nil:
			continue
		case v.claimed && i == 0:
			return v.as(p, Taken)
		case v.claimed || i > 0 && w.likelier(g, o.Key, p, key):
			continue
		}
		v.claimed = true
		if v.LastModified.Before(o.LastModified) {
			out := v.as(p, Stale)
			out.Why = OriginalChanged
			return out
		}
		return v.as(p, UpToDate)
	}
	return Variant{Preset: p.Name, State: Missing}
}

// likelier says whether a key is the likeliest of another original of the group.
func (w *walk) likelier(g *group, original string, p preset.Preset, key string) bool {
	for _, o := range g.originals {
		if o.Key == original || !w.Config.Applies(p, o.Key) {
			continue
		}
		if keys := w.Config.PredictKeys(p, o.Key); len(keys) > 0 && keys[0] == key {
			return true
		}
	}
	return false
}

// guess says why a leftover stands there as far as its key tells.
func (w *walk) guess(g *group, v *standing) Extra {
	extra := Extra{Kind: Dropped, Key: v.Key, Preset: v.preset, Bytes: v.Size}
	switch {
	case v.preset == "":
		extra.Kind = Foreign
	case len(g.originals) == 0:
		extra.Kind = Orphan
	}
	for _, o := range g.originals {
		if w.applies(v.preset, o.Key) {
			extra.Kind = Superseded
		}
	}
	return extra
}
