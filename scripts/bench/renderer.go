package main

import (
	"context"
	"errors"

	"github.com/presize/presize/scripts/bench/contest"
	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/quality"
)

// renderer lets quality ask the contestants for variants.
type renderer struct{ field *contest.Field }

func (r renderer) Render(ctx context.Context, contestant, file, out string, at int) ([]quality.Output, error) {
	answer, err := r.field.Ask(ctx, contestant, protocol.Upload{File: file, Out: out, Quality: at})
	if err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	outputs := make([]quality.Output, len(answer.Variants))
	for i, v := range answer.Variants {
		outputs[i] = quality.Output{Preset: v.Preset, Path: v.Path, Width: v.Width, Height: v.Height, Bytes: v.Bytes}
	}
	return outputs, nil
}
