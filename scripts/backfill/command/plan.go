package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"github.com/presize/presize/scripts/backfill/price"
	"github.com/presize/presize/scripts/backfill/survey"
)

// plan is the command that looks and writes nothing.
type plan struct {
	place *place
	selection

	index        string
	trustListing bool
	parallel     int
	heads        int
	sample       int
	rates        []string
	json         bool

	out, err io.Writer
}

func newPlan(at *place) (*plan, *cobra.Command) {
	p := &plan{place: at}
	c := &cobra.Command{
		Use:   "plan --bucket NAME [flags]",
		Short: "Say what is missing or stale, and what a run would cost; writes nothing to the bucket",
		Long: `plan lists originals and variants and says, for each preset, how many variants are up to date, missing or stale,
what is left over below the resized prefix, and what a run would read, write and cost.

A variant is stale when its original was overwritten since, or its preset edited. A listing does not tell: plan looks at
each variant's metadata, one HEAD each ($0.0004 per 1,000), and remembers it in a file, --index, so that the next plan
looks only at what has been written since. --trust-listing sends no HEAD: what stands there counts as up to date unless it
is older than its original.

--json prints one object: presets (originals, up_to_date, missing, stale and why, taken), extras (kind, objects, bytes),
run (originals, bytes, megapixels, variants, an estimate for each way), survey (the plan's own requests and dollars), rates.
Names stay as they are; new ones may come.`,
		Example: `  # Everything in a bucket, with presets.yaml of this folder
  backfill plan --bucket photos

  # One user's photos of the last day, one preset
  backfill plan --bucket photos --prefix users/42/ --preset thumbnail --since 24h

  # The pipeline on this machine (make run), and a price of traffic that leaves AWS
  backfill plan --bucket photos --endpoint-url http://127.0.0.1:8082
  backfill plan --bucket photos --rate transfer-out=0.09`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			p.out, p.err = c.OutOrStdout(), c.ErrOrStderr()
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
			defer stop()
			return p.run(ctx)
		},
	}
	p.flags(c)
	f := c.Flags()
	f.StringVar(&p.index, "index", "", "file that remembers the variants' metadata, or none (default: in the user's cache folder)")
	f.BoolVar(&p.trustListing, "trust-listing", false, "send no HEAD: go by the listing alone")
	f.StringArrayVar(&p.rates, "rate", nil, "change a rate of the estimate, such as transfer-out=0.09; may be repeated")
	f.IntVar(&p.sample, "sample", 16, "originals to read for their megapixels; 0: guess by bytes")
	f.IntVar(&p.parallel, "parallel", 16, "ranges of keys to list at a time")
	f.IntVar(&p.heads, "heads", 64, "HEADs at a time")
	f.BoolVar(&p.json, "json", false, "print JSON")
	return p, c
}

// check reads the flags that are plan's own.
func (p *plan) check() (price.Rates, error) {
	rates := price.Defaults()
	for _, assignment := range p.rates {
		if err := rates.Set(assignment); err != nil {
			return nil, usage("--rate: %w", err)
		}
	}
	for _, f := range []struct {
		name         string
		value, least int
	}{{"sample", p.sample, 0}, {"parallel", p.parallel, 1}, {"heads", p.heads, 1}} {
		if f.value < f.least {
			return nil, usage("--%s is %d; %d or more is right", f.name, f.value, f.least)
		}
	}
	return rates, nil
}

func (p *plan) run(ctx context.Context) error {
	rates, err := p.check()
	if err != nil {
		return err
	}
	at, err := p.place.open(ctx)
	if err != nil {
		return err
	}
	return p.of(ctx, at, rates)
}

// of plans for a site.
func (p *plan) of(ctx context.Context, at *site, rates price.Rates) (err error) {
	if err := p.selection.check(at.Config, time.Now()); err != nil {
		return err
	}
	s := p.survey(at)
	s.TrustListing, s.Parallel, s.Heads = p.trustListing, p.parallel, p.heads
	if s.Index, err = openIndex(p.index, at, p.trustListing); err != nil {
		return err
	}
	if s.Index != nil {
		defer func() { err = errors.Join(err, s.Index.Close()) }()
	}
	t := newTally(&p.selection, at.Config, p.sample)
	watch := startWatch(p.err)
	s.Progress = watch.cost
	cost, err := s.Walk(ctx, func(f survey.Finding) error {
		watch.found(len(f.Originals))
		return t.add(f)
	})
	watch.stop()
	switch {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, errors.New("interrupted; what was looked at is remembered in the index, unless there is none")}
	case err != nil && !errors.Is(err, errEnough):
		return err
	}
	d, err := p.document(ctx, at, t, cost, rates)
	if err != nil {
		return err
	}
	if p.json {
		return printJSON(p.out, d)
	}
	return printPlan(p.out, d)
}

func printJSON(out io.Writer, d document) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("printing the plan: %w", err)
	}
	return nil
}
