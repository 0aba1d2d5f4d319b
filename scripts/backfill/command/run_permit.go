package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// permit prints the plan in short, and refuses one that costs too much.
func (r *run) permit(at *site, checkpoint *engine.Checkpoint, work price.Work) error {
	before := checkpoint.Before()
	if before.Ended > 0 {
		r.say("Resuming: %s originals had ended, %s of them failed.\n", count(before.Ended), count(before.Failed))
	}
	if work.Originals == 0 {
		r.say("Nothing to do.\n")
		return nil
	}
	bill := r.rates.Estimate(work.Usage(price.Way(r.via), r.rates))
	r.say("%s originals of s3://%s/%s to read (%s), %s variants to write, estimated at %s via %s.\n",
		count(work.Originals), at.Bucket, at.Config.Originals+r.Prefix, size(work.Bytes), count(work.Variants()), dollars(bill.Dollars), r.via)
	return r.afford(bill, "nothing was rendered; allow more, or select less with --prefix, --preset or --max-objects")
}

// afford refuses a plan that costs more than is left of what is allowed. advice says what came of it, and what to do.
func (r *run) afford(bill price.Estimate, advice string) error {
	if spent := r.spent(); r.maxCost > 0 && spent+bill.Dollars > r.maxCost {
		return fmt.Errorf("the plan costs about $%.4f and --max-cost is $%.4f, of which planning has spent $%.4f: %s", bill.Dollars, r.maxCost, spent, advice)
	}
	return nil
}

// say prints something that --quiet leaves out.
func (r *run) say(format string, args ...any) {
	if !r.quiet {
		_, _ = fmt.Fprintf(r.out, format, args...)
	}
}

// list prints what would be rendered.
func (r *run) list(ctx context.Context, w *walk) error {
	for item, err := range w.passing(ctx) {
		if err != nil {
			return err
		}
		if w.from != "" && w.checkpoint.Ended(item.Key) {
			continue
		}
		presets := strings.Join(item.Presets, ", ")
		switch {
		case presets != "":
		case item.Look:
			presets = "what is missing or stale"
		default:
			presets = "every preset"
		}
		if _, err := fmt.Fprintf(r.out, "%s: %s\n", item.Key, presets); err != nil {
			return err
		}
	}
	r.say("Nothing was rendered: --dry-run.\n")
	return nil
}

// spend stops a run before what is in flight would cost more than is allowed, by the plan's cost of one original.
func (r *run) spend(work price.Work) func(inFlight int) error {
	if r.maxCost <= 0 {
		return nil
	}
	each := r.rates.Estimate(work.Usage(price.Way(r.via), r.rates)).Dollars / float64(work.Originals)
	return func(inFlight int) error {
		if spent := r.spent(); spent+each*float64(inFlight) > r.maxCost {
			return fmt.Errorf("the run has cost $%.4f, its listing included, and with %d in flight would pass --max-cost, $%.4f", spent, inFlight, r.maxCost)
		}
		return nil
	}
}

// spent is what the run has cost so far, its plan included.
func (r *run) spent() float64 { return r.rates.Estimate(r.meter.Usage()).Dollars }
