package command

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

// of takes the steps for a site: look, repair, prune, and a verdict by what was seen last.
func (d *doctor) of(ctx context.Context, at *site) (err error) {
	if err := d.selection.check(at.Config, time.Now()); err != nil {
		return err
	}
	at.Originals, at.Variants = d.metered(at)
	if d.repair {
		if err := d.render(ctx); err != nil {
			return err
		}
	}
	var seen *checkup
	var gone *pruned
	defer func() {
		if seen != nil {
			err = errors.Join(err, seen.close())
		}
	}()
	err = interruptible(ctx, func(ctx context.Context) error {
		if seen, err = d.look(ctx, at); err != nil || !d.prune {
			return err
		}
		if gone, err = d.pruneOf(ctx, at, seen); err != nil || gone == nil || gone.Deleted == 0 {
			return err
		}
		if err := seen.close(); err != nil {
			return err
		}
		seen, err = d.look(ctx, at)
		return err
	})
	if err != nil {
		return err
	}
	v := d.verdictOf(at, seen, gone)
	if err := d.print(v, seen); err != nil {
		return err
	}
	if d.publish {
		if err := d.publishOf(ctx, at, seen); err != nil {
			return err
		}
	}
	if !v.Well {
		return &exitError{code: exitFailed}
	}
	return nil
}

// interruptible ends what f does at Ctrl-C. A repair does without: the engine has its own way of ending.
func interruptible(ctx context.Context, f func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	err := f(ctx)
	if err != nil && ctx.Err() != nil {
		return &exitError{exitInterrupted, errors.New("interrupted, and so there is no verdict; what was looked at is remembered in the index, unless there is none")}
	}
	return err
}
