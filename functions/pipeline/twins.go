package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/presize/presize/functions/pipeline/event"
)

// maxTwins bounds how many keys are looked at for originals of the same stem: one LIST.
const maxTwins = 1000

// lookAtTwins renders what other originals of the same stem lack after variants were deleted. With {name} in the key
// template, cat.jpg and cat.png want the same thumbnail: the one that did not get it gets it when the other goes, and one
// that took it over while it was being deleted gets it back.
func (p *Pipeline) lookAtTwins(ctx context.Context, works []*work) {
	if !p.Config.SharesStems() {
		return
	}
	deleted := which(works, func(w *work) bool { return errors.Is(w.err, errGone) || w.err == nil && w.report.Deleted > 0 })
	each(ctx, deleted, findTwins)
	for _, w := range deleted {
		for _, key := range w.twins {
			t := p.begin(event.Change{Kind: event.Created, Bucket: w.change.Bucket, Key: key, Stale: true})
			p.rounds(ctx, []*work{t})
			if err := t.end(ctx).Err; err != nil {
				w.err = fmt.Errorf("rendering %q, which shares a name with %q: %w", key, w.change.Key, err)
			}
		}
	}
}

// findTwins finds the other originals of the stem.
func findTwins(ctx context.Context, w *work) error {
	config := w.pipeline.Config
	dir, name, ok := config.Stem(w.change.Key)
	if !ok {
		return nil
	}
	seen := 0
	for info, err := range w.source.List(ctx, config.Originals+dir+name, "") {
		if err != nil {
			return err
		}
		d, n, original := config.Stem(info.Key)
		if original && d == dir && n == name && info.Key != w.change.Key {
			w.twins = append(w.twins, info.Key)
		}
		if seen++; seen == maxTwins {
			break
		}
	}
	return nil
}
