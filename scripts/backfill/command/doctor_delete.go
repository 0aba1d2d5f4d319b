package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/dustin/go-humanize"
	"golang.org/x/sync/errgroup"
)

// pruneEach is how many objects are checked and then deleted at once: S3 takes 1,000, but what was checked first has waited longest.
const pruneEach = 250

// deleteAll deletes what is still what it was.
func (d *doctor) deleteAll(ctx context.Context, at *site, c *checkup) (*pruned, error) {
	out := &pruned{Left: []left{}}
	var batch []diagnosis
	flush := func() error {
		err := d.deleteBatch(ctx, at, batch, out)
		batch = batch[:0]
		return err
	}
	err := c.spool.each(func(g diagnosis) error {
		if !g.Kind.prunable() {
			return nil
		}
		if batch = append(batch, g); len(batch) < pruneEach {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	d.say("%s objects deleted, %s; %s left.\n", count(out.Deleted), humanize.Bytes(uint64(out.Bytes)), count(int64(len(out.Left))))
	return out, err
}

func (d *doctor) deleteBatch(ctx context.Context, at *site, batch []diagnosis, out *pruned) error {
	whys := make([]string, len(batch))
	looking, looked := errgroup.WithContext(ctx)
	looking.SetLimit(d.heads)
	for i, g := range batch {
		looking.Go(func() (err error) {
			whys[i], err = stays(looked, at, g)
			return err
		})
	}
	if err := looking.Wait(); err != nil {
		return fmt.Errorf("looking again before deleting: %w", err)
	}
	var going []diagnosis
	var keys []string
	for i, g := range batch {
		if whys[i] != "" {
			d.say("left %s: %s\n", g.Key, whys[i])
			out.Left = append(out.Left, left{g.Key, whys[i]})
			continue
		}
		going, keys = append(going, g), append(keys, g.Key)
	}
	if len(keys) == 0 {
		return nil
	}
	if err := errors.Join(ctx.Err(), at.Variants.Delete(ctx, keys...)); err != nil {
		return fmt.Errorf("deleting %d objects, some of which may be gone: %w", len(keys), err)
	}
	for _, g := range going {
		d.say("deleted %s\n", g.Key)
		out.Deleted, out.Bytes = out.Deleted+1, out.Bytes+g.Bytes
	}
	return nil
}
