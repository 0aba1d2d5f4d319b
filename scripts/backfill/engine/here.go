package engine

import (
	"context"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Here renders on this machine.
type Here struct {
	bucket   string
	pipeline *pipeline.Pipeline
}

var _ Way = (*Here)(nil)

// NewHere renders with as many processors as workers.
func NewHere(config *preset.Config, bucket string, originals, variants store.Objects, workers int) *Here {
	return &Here{bucket, &pipeline.Pipeline{
		Config:  config,
		Source:  func(string) store.Objects { return originals },
		Target:  func(string) store.Objects { return variants },
		Workers: workers,
		Report:  func(context.Context, report.Original) {},
	}}
}

// Do sends an original the pipeline's way.
func (h *Here) Do(ctx context.Context, item Item) (Result, error) {
	account, _ := h.pipeline.Sync(ctx, item.change(h.bucket)) // the error is account.Err
	result := Result{Outcome: account.Outcome, Reason: account.Reason, Err: account.Err}
	for _, variant := range account.Variants {
		if variant.Written {
			result.Variants++
			result.Bytes += variant.Bytes
		}
	}
	return result, nil
}

// InFlightPerCore is how many originals for each processor keep it busy: one waits for S3 about three times, 30 to 100 ms
// each, and keeps a processor busy for 20 ms, when it is small, to 400 ms. BenchmarkHere shows it.
const InFlightPerCore = 8
