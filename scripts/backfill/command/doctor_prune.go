package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"
)

// pruned is what --prune did.
type pruned struct {
	Deleted int64  `json:"deleted"`
	Bytes   int64  `json:"bytes"`
	Left    []left `json:"left"` // with why
}

// left is an object that was to be deleted and was not.
type left struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// pruneOf lists what is left over, asks, and deletes it. It gives nil when nothing was to be done, or nobody said yes.
func (d *doctor) pruneOf(ctx context.Context, at *site, c *checkup) (*pruned, error) {
	var objects, bytes int64
	for a, ch := range c.chapters {
		if a.prunable() {
			objects, bytes = objects+ch.count, bytes+ch.bytes
		}
	}
	if objects == 0 {
		d.say("Nothing to delete.\n")
		return nil, nil //nolint:nilnil // nothing was done
	}
	if err := d.listPrunable(c); err != nil {
		return nil, err
	}
	d.say("%s objects to delete, %s.\n", count(objects), humanize.Bytes(uint64(bytes)))
	if d.dryRun {
		d.say("Nothing was deleted: --dry-run.\n")
		return nil, nil //nolint:nilnil // nothing was done
	}
	if yes, err := d.agreed(ctx); err != nil || !yes {
		d.say("Nothing was deleted.\n")
		return nil, err
	}
	return d.deleteAll(ctx, at, c)
}

// listPrunable names what would go: all of it where nothing is asked, and the first of each kind where a person has to read it.
func (d *doctor) listPrunable(c *checkup) error {
	if d.dryRun {
		return c.spool.each(func(g diagnosis) error {
			if g.Kind.prunable() {
				d.say("%s %s\n", g.Kind, g.line())
			}
			return nil
		})
	}
	for _, a := range ailments {
		ch := c.chapters[a]
		if !a.prunable() {
			continue
		}
		for _, g := range ch.first {
			d.say("%s %s\n", a, g.line())
		}
		if more := ch.count - int64(len(ch.first)); more > 0 {
			d.say("%s: %s more; --dry-run lists all\n", a, count(more))
		}
	}
	return nil
}

// agreed asks, unless --yes has answered. Nobody answering before the context ends is an error.
func (d *doctor) agreed(ctx context.Context) (bool, error) {
	if d.yes {
		return true, nil
	}
	_, _ = fmt.Fprint(d.err, "Delete them? [y/N] ")
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(d.in).ReadString('\n')
		answers <- line
	}()
	select {
	case <-ctx.Done():
		return false, context.Cause(ctx)
	case line := <-answers:
		line = strings.ToLower(strings.TrimSpace(line))
		return line == "y" || line == "yes", nil
	}
}
