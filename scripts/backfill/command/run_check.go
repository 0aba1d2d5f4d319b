package command

import (
	"path/filepath"
	"slices"

	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// check refuses flags that are wrong, or that do not go together, before anything is reached.
func (r *run) check() error {
	r.rates = price.Defaults()
	for _, change := range r.rateChanges {
		if err := r.rates.Set(change); err != nil {
			return usage("--rate: %w", err)
		}
	}
	switch {
	case !slices.Contains([]string{"here", "lambda", "batch"}, r.via):
		return usage("--via is %q; here, lambda or batch is right", r.via)
	case r.given("max-cost") && !(r.maxCost > 0): // which is true of NaN as well
		return usage("--max-cost is %g; dollars, more than 0, are right, or no --max-cost for no bound", r.maxCost)
	case r.inFlight < 0:
		return usage("--in-flight is %d; a number of originals is right", r.inFlight)
	case r.sample < 0:
		return usage("--sample is %d; 0 or more is right", r.sample)
	case r.wait < 0:
		return usage("--wait is %s; a time such as 2m is right, or 0 for not waiting", r.wait)
	}
	if err := r.checkFrom(); err != nil {
		return err
	}
	if err := r.checkPublish(); err != nil {
		return err
	}
	if err := r.checkWay(); err != nil {
		return err
	}
	if err := r.checkBatch(); err != nil {
		return err
	}
	return r.checkEndpoint()
}

const onlyAll = "all"

// trustListing says whether the plan can do without metadata: what is missing shows in the listing, and all is all.
func (r *run) trustListing() bool { return r.Only == "missing" || r.Only == onlyAll }

// readsFailures says whether the run reads the very file that it would write.
func (r *run) readsFailures() bool {
	if !r.fromFile() {
		return false
	}
	from, err := filepath.Abs(r.from)
	to, errTo := filepath.Abs(r.failures)
	return err == nil && errTo == nil && from == to
}

func (r *run) newFailures(resumed bool) *engine.Failures {
	return &engine.Failures{Path: r.failures, Resumed: resumed, Reads: r.readsFailures(), Keeps: len(r.Presets) > 0}
}
