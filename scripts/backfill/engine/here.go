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

var (
	_ Way      = (*Here)(nil)
	_ Replayer = (*Here)(nil)
)

// HereOption changes how a Here renders.
type HereOption func(*pipeline.Pipeline)

// WithLinks is how manifests write URLs; without it they are relative to the page's host.
func WithLinks(links report.Links) HereOption {
	return func(p *pipeline.Pipeline) { p.Links = links }
}

// WithRefresh has a CDN told of what is outdated: Refresher.Note or Refresher.Now. Without it nobody is.
func WithRefresh(refresh func(context.Context, []pipeline.Outdated) error) HereOption {
	return func(p *pipeline.Pipeline) { p.Refresh = refresh }
}

// NewHere renders with as many processors as workers. It announces nothing: a backfill is no news to who waits for uploads.
func NewHere(config *preset.Config, bucket string, originals, variants store.Objects, workers int, options ...HereOption) *Here {
	h := &Here{bucket, &pipeline.Pipeline{
		Config:  config,
		Source:  func(string) store.Objects { return originals },
		Target:  func(string) store.Objects { return variants },
		Workers: workers,
		Report:  func(context.Context, report.Original) {},
	}}
	for _, option := range options {
		option(h.pipeline)
	}
	return h
}

// Do sends an original the pipeline's way.
func (h *Here) Do(ctx context.Context, item Item) (Result, error) {
	account, _ := h.pipeline.Sync(ctx, item.change(h.bucket)) // the error is account.Err
	return resultOf(account), nil
}

// Replay sends changes the pipeline's way, together.
func (h *Here) Replay(ctx context.Context, letter Letter) ([]Result, error) {
	var results []Result
	for _, of := range h.pipeline.SyncAll(ctx, letter.Changes...) {
		results = append(results, resultOf(of.Original))
	}
	return results, nil
}

func resultOf(account report.Original) Result {
	result := Result{Outcome: account.Outcome, Reason: account.Reason, Err: account.Err}
	for _, variant := range account.Variants {
		if variant.Written {
			result.Variants++
			result.Bytes += variant.Bytes
		}
	}
	return result
}

// InFlightPerCore is how many originals for each processor keep it busy: one waits for S3 about three times, 30 to 100 ms
// each, and keeps a processor busy for 20 ms, when it is small, to 400 ms. BenchmarkHere shows it.
const InFlightPerCore = 8
