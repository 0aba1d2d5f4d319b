package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// stays says why an object that was left over is not to be deleted after all; empty when it is. Between listing and deleting, while a
// person reads, originals come back and variants are written.
func stays(ctx context.Context, at *site, g diagnosis) (string, error) {
	there, err := headOf(ctx, at.Variants, g.Key)
	if errors.Is(err, store.ErrNotFound) {
		return "it is gone already", nil
	}
	if err != nil {
		return "", err
	}
	mark := pipeline.ReadMark(there.Metadata)
	switch {
	case mark.Original == "":
		return "Presize did not write what stands there now", nil
	case mark.Original != g.Original:
		return fmt.Sprintf("it is a variant of %q now", mark.Original), nil
	case !strings.HasPrefix(mark.Original, at.Config.Originals):
		return fmt.Sprintf("its original %q is outside of the originals prefix", mark.Original), nil
	}
	original, err := headOf(ctx, at.Originals, mark.Original)
	gone := errors.Is(err, store.ErrNotFound)
	if err != nil && !gone {
		return "", err
	}
	i := slices.IndexFunc(at.Config.Presets, func(p preset.Preset) bool { return p.Name == g.Preset })
	wanted := i >= 0 && at.Config.Applies(at.Config.Presets[i], mark.Original)
	switch {
	case gone:
		return "", nil
	case g.Kind == orphan:
		return fmt.Sprintf("its original %q is back", mark.Original), nil
	case wanted:
		return replaced(ctx, at, g, at.Config.Presets[i], original)
	}
	return "", nil
}

// replaced says whether a superseded variant is still one: whether another variant shows the original as it is. Until then pages
// show this one, as after a change of the key template; and at a key that the preset may still write, the next overwriting could make
// it the right one, as when a PNG follows a JPEG under the same name.
func replaced(ctx context.Context, at *site, g diagnosis, p preset.Preset, original store.Info) (string, error) {
	for _, key := range at.Config.PredictKeys(p, original.Key) {
		if key == g.Key {
			continue
		}
		there, err := headOf(ctx, at.Variants, key)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return "", err
		case pipeline.ReadMark(there.Metadata).Shows(original.Key, original.ETag, p):
			return "", nil
		}
	}
	return fmt.Sprintf("no other variant shows %q as it is now; render it first, with --repair", original.Key), nil
}

func headOf(ctx context.Context, from store.Objects, key string) (store.Info, error) {
	return patiently(ctx, func() (store.Info, error) { return from.Head(ctx, key) })
}
