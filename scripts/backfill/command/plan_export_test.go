package command

import (
	"bytes"
	"context"
	"iter"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

// PlanOf prints the plan for a bucket by flags.
func PlanOf(ctx context.Context, config *preset.Config, bucket store.Objects, flags ...string) (string, error) {
	var out bytes.Buffer
	p, c := newPlan(&place{})
	if err := c.ParseFlags(flags); err != nil {
		return "", err
	}
	p.out, p.err = &out, &out
	rates, err := p.check()
	if err != nil {
		return "", err
	}
	at := &site{place: place{Bucket: "photos"}, Config: config, Originals: bucket, Variants: bucket}
	err = p.of(ctx, at, rates)
	return out.String(), err
}

// ItemsOf are the items of a run over a bucket.
func ItemsOf(ctx context.Context, config *preset.Config, bucket store.Objects) iter.Seq2[engine.Item, error] {
	at := &site{place: place{Bucket: "photos"}, Config: config, Originals: bucket, Variants: bucket}
	return (&walk{run: &run{}, at: at, checkpoint: &engine.Checkpoint{}}).items(ctx)
}
