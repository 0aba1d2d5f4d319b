package command

import (
	"bytes"
	"context"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
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
