package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// run is the command that does the plan.
type run struct {
	place *place
	selection

	via         string
	maxCost     float64
	dryRun      bool
	from        string
	checkpoint  string
	restart     bool
	failures    string
	inFlight    int
	quiet       bool
	index       string
	rateChanges []string
	sample      int

	reasons     []string
	sqsEndpoint string

	lambdaFlags
	batchFlags
	publishFlags

	given   func(flag string) bool // whether a flag is in the command line
	command string                 // the command line that repeats this one
	out     io.Writer
	err     io.Writer
	rates   price.Rates
	meter   *engine.Meter
	tally   *engine.Tally
	limit   *engine.Limit
}

func newRun(at *place) *cobra.Command {
	r := &run{place: at}
	c := &cobra.Command{
		Use:   "run --bucket NAME [flags]",
		Short: "Render what is missing or stale",
		Long: `run makes a plan, prints it in short, and does it. --dry-run stops there, and --max-cost refuses a plan that costs more.

  --via here     renders on this machine, with all its processors
  --via lambda   has the deployed function render, and waits for the variants to appear
  --via batch    makes an S3 Batch Operations job that invokes the function, for hundreds of millions of originals

What has ended is kept in a checkpoint: a run that was stopped or killed goes on where it was when it is started again with
the same flags. Ctrl-C lets what is in flight end; a second one does not.

` + runFrom + `

` + runPublish + `

Exit codes: 0 everything is done, 1 some originals failed (--failures lists them) or messages stay in the queue, 2 the command line is wrong, 130 stopped.`,
		Example: `  # See, then do, for at most five dollars
  backfill run --bucket photos --dry-run
  backfill run --bucket photos --max-cost 5

  # A new preset, by the deployed function
  backfill run --bucket photos --preset poster --via lambda --function presize-resize

  # Once more what failed: in the last run; ever, as too many pixels; what Lambda gave up
  backfill run --bucket photos --from presize-failures.jsonl
  backfill run --bucket photos --from failed --reason too-many-pixels
  backfill run --bucket photos --from dlq://presize-dead-letters

  # The pipeline on this machine (make run)
  backfill run --bucket photos --endpoint-url http://127.0.0.1:8082`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r.given = c.Flags().Changed
			r.out, r.err, r.command = c.OutOrStdout(), c.ErrOrStderr(), commandLine(c, "restart")
			return r.run(c.Context())
		},
	}
	r.flags(c)
	return c
}

func (r *run) flags(c *cobra.Command) {
	r.selection.flags(c)
	f := c.Flags()
	f.StringVar(&r.via, "via", "here", "here, lambda or batch: who renders")
	f.Float64Var(&r.maxCost, "max-cost", 0, "dollars: refuse a plan that costs more, and stop before a run does (default: no bound)")
	f.BoolVar(&r.dryRun, "dry-run", false, "print what would be rendered, and render nothing")
	f.StringVar(&r.from, "from", "", "instead of listing the bucket: failed, dlq://QUEUE, or a file of failures or of keys")
	f.StringSliceVar(&r.reasons, "reason", nil, "with --from failed: only what failed for this reason, such as corrupt,key-taken; may be repeated")
	f.StringVar(&r.sqsEndpoint, "sqs-endpoint-url", "", "with --from dlq://QUEUE: another SQS, such as http://127.0.0.1:5000 (default: that of the queue's URL, or AWS)")
	f.StringVar(&r.checkpoint, "checkpoint", "", "file, s3://bucket/key or none: where what has ended is kept (default: in the user's cache folder)")
	f.BoolVar(&r.restart, "restart", false, "throw the checkpoint away and begin anew")
	f.StringVar(&r.failures, "failures", "presize-failures.jsonl", "file of the originals that failed, with reasons; only written when there is one")
	f.IntVar(&r.inFlight, "in-flight", 0, fmt.Sprintf("originals in flight at most (default: %d for each processor, and %d with --via lambda)", engine.InFlightPerCore, lambdaInFlight))
	f.BoolVar(&r.quiet, "quiet", false, "print the summary alone")
	f.StringVar(&r.index, "index", "", "file that remembers the variants' metadata, or none (default: plan's own)")
	f.StringArrayVar(&r.rateChanges, "rate", nil, "change a rate of the estimate, such as transfer-out=0.09; may be repeated")
	f.IntVar(&r.sample, "sample", 16, "originals to read for their megapixels; 0: guess by bytes")
	r.lambdaFlags.flags(f)
	r.batchFlags.flags(f)
	r.publishFlags.flags(f)
}

// run opens the place, plans, asks whether that may be done, and does it.
func (r *run) run(ctx context.Context) (err error) {
	if err := r.check(); err != nil {
		return err
	}
	ctx, interrupts := listen(ctx, r.err)
	defer interrupts.close()
	defer func() { err = interrupts.explain(err) }()
	r.meter, r.tally = &engine.Meter{}, &engine.Tally{}
	r.limit = engine.NewLimit(r.inFlightOrDefault())
	at, err := r.open(ctx)
	if err != nil {
		return err
	}
	if err := r.selection.check(at.Config, time.Now()); err != nil {
		return err
	}
	if r.via == string(price.Batch) && r.inventory != "" {
		return r.overInventory(ctx, at)
	}
	if r.fromQueue() {
		return r.overQueue(ctx, at, interrupts)
	}
	checkpoint, err := r.openCheckpoint(ctx, at)
	if err != nil {
		return err
	}
	if begun := checkpoint.Started(); !begun.IsZero() {
		if err := r.read(begun); err != nil { // --since 24h is of the run that this one resumes
			return errors.Join(err, checkpoint.Close(ctx))
		}
	}
	index, err := openIndex(r.index, at, r.trustListing())
	if err != nil {
		return errors.Join(err, checkpoint.Close(ctx))
	}
	if index != nil {
		defer func() { err = errors.Join(err, index.Close()) }()
	}
	w := &walk{run: r, at: at, index: index, checkpoint: checkpoint}
	work, err := w.plan(ctx)
	if err == nil {
		err = r.permit(at, checkpoint, work)
	}
	switch {
	case err != nil || r.dryRun && work.Originals > 0:
		if err == nil {
			err = r.list(ctx, w)
		}
		return errors.Join(err, checkpoint.Close(context.WithoutCancel(ctx)))
	case work.Originals == 0:
		return errors.Join(checkpoint.Finish(ctx), r.failedBefore(checkpoint))
	case r.via == string(price.Batch):
		return r.overManifest(ctx, at, w)
	}
	return r.render(ctx, at, w, work, interrupts)
}

func (r *run) inFlightOrDefault() int {
	switch {
	case r.inFlight > 0:
		return r.inFlight
	case r.via == string(price.Lambda):
		return lambdaInFlight
	}
	return engine.InFlightPerCore * runtime.GOMAXPROCS(0)
}
