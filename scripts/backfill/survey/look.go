package survey

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/store"
)

// look reads a variant's mark, from the index or by a HEAD, once.
func (w *walk) look(ctx context.Context, v *standing) error {
	if v.looked {
		return nil
	}
	v.looked = true
	if w.Index != nil {
		mark, known, err := w.Index.mark(v.Info)
		if err != nil {
			return err
		}
		if known {
			w.saved.Add(1)
			v.mark = mark
			return nil
		}
	}
	asked := time.Now()
	now, found, err := w.head(ctx, w.Variants, v.Key)
	if err != nil {
		return err
	}
	v.gone, v.mark = !found, pipeline.ReadMark(now.Metadata)
	if w.Index != nil && found && same(now, v.Info) {
		return w.Index.remember(v.Info, v.mark, asked)
	}
	return nil
}

// same says whether a HEAD met the object that was listed. Some servers list times by the nanosecond.
func same(a, b store.Info) bool {
	return a.ETag == b.ETag && a.Size == b.Size && a.LastModified.Unix() == b.LastModified.Unix()
}

// lives says whether the original that a variant's mark names is there: in the group, where it was listed, or by a HEAD.
// What was not listed may have come since, or belong to another stem. An object outside the originals prefix is none that
// this survey could miss: it counts as living, so that its variant is no orphan.
func (w *walk) lives(ctx context.Context, g *group, key string) (bool, error) {
	for _, o := range g.originals {
		if o.Key == key {
			return true, nil
		}
	}
	if !strings.HasPrefix(key, w.Config.Originals) {
		return true, nil
	}
	if alive, known := g.alive[key]; known {
		return alive, nil
	}
	_, found, err := w.head(ctx, w.Originals, key)
	if err == nil {
		if g.alive == nil {
			g.alive = map[string]bool{}
		}
		g.alive[key] = found
	}
	return found, err
}

// head sends a HEAD, again where a retry may mend its error.
func (w *walk) head(ctx context.Context, objects store.Objects, key string) (store.Info, bool, error) {
	info, err := backoff.Retry(ctx, func() (store.Info, error) {
		w.heads.Add(1)
		w.progress()
		info, err := objects.Head(ctx, key)
		if err != nil && !store.Retryable(err) {
			return info, backoff.Permanent(err)
		}
		return info, err
	}, backoff.WithBackOff(pauses()), backoff.WithMaxTries(tries))
	if errors.Is(err, store.ErrNotFound) {
		return store.Info{}, false, nil
	}
	return info, err == nil, err
}
