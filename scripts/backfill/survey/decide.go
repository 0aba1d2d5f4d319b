package survey

import (
	"context"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// decide says of a group how every variant stands, and what is left over.
func (w *walk) decide(ctx context.Context, g *group) error {
	byKey := make(map[string]*standing, len(g.variants))
	for _, v := range g.variants {
		byKey[v.Key] = v
	}
	for _, info := range g.originals {
		o := Original{Info: info}
		for _, p := range w.presets {
			if !w.Config.Applies(p, info.Key) {
				continue
			}
			keys := w.candidates(g, p, info.Key)
			v, err := w.variant(ctx, g, info, p, keys, byKey)
			if err != nil {
				return err
			}
			o.Variants = append(o.Variants, v)
		}
		if w.asked(g, info.Key) {
			g.finding.Originals = append(g.finding.Originals, o)
		}
	}
	if w.OnlyOriginals {
		return nil
	}
	slices.SortFunc(g.variants, func(a, b *standing) int { return strings.Compare(a.Key, b.Key) })
	for _, v := range g.variants {
		if err := w.leftover(ctx, g, v); err != nil {
			return err
		}
	}
	return nil
}

// candidates are the keys that an original's variant may have, the likeliest first; none when nothing of its preset stands
// there, which spares the guessing.
func (w *walk) candidates(g *group, p preset.Preset, key string) []string {
	if !slices.ContainsFunc(g.variants, func(v *standing) bool { return v.preset == p.Name }) {
		return nil
	}
	return w.Config.PredictKeys(p, key)
}

// variant says how one preset of an original stands.
func (w *walk) variant(ctx context.Context, g *group, o store.Info, p preset.Preset, keys []string, byKey map[string]*standing) (Variant, error) {
	if w.TrustListing {
		return w.trust(g, o, p, keys, byKey), nil
	}
	var stale *standing
	for _, key := range keys {
		v := byKey[key]
		if v == nil {
			continue
		}
		if err := w.look(ctx, v); err != nil {
			return Variant{}, err
		}
		switch {
		case v.gone:
		case v.mark.Shows(o.Key, o.ETag, p):
			v.claimed = true
			return v.as(p, UpToDate), nil
		case v.mark.Original == o.Key && stale == nil:
			stale = v
		}
	}
	if stale != nil {
		stale.claimed = true
		out := stale.as(p, Stale)
		out.Why = w.why(o, p, stale)
		return out, nil
	}
	if len(keys) > 0 {
		if likeliest := byKey[keys[0]]; likeliest != nil && !likeliest.gone {
			return w.occupied(ctx, g, p, likeliest)
		}
	}
	return Variant{Preset: p.Name, State: Missing}, nil
}

// why says what a stale variant of the original lags behind.
func (w *walk) why(o store.Info, p preset.Preset, v *standing) Why {
	original, preset := v.mark.ETag != o.ETag, v.mark.Fingerprint != w.fingerprints[p.Name]
	switch {
	case original && preset:
		return BothChanged
	case original:
		return OriginalChanged
	default:
		return PresetChanged
	}
}

// occupied is a variant whose likeliest key holds something else. The pipeline writes over orphans, and over nothing else.
func (w *walk) occupied(ctx context.Context, g *group, p preset.Preset, v *standing) (Variant, error) {
	if v.mark.Original != "" {
		alive, err := w.lives(ctx, g, v.mark.Original)
		if err != nil || !alive {
			return Variant{Preset: p.Name, State: Missing}, err
		}
	}
	return v.as(p, Taken), nil
}

func (v *standing) as(p preset.Preset, state State) Variant {
	return Variant{Preset: p.Name, State: state, Key: v.Key, Bytes: v.Size, Mark: v.mark}
}
