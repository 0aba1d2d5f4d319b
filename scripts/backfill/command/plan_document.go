package command

import (
	"context"
	"fmt"

	"github.com/presize/presize/scripts/backfill/price"
	"github.com/presize/presize/scripts/backfill/survey"
)

// document is what plan prints, as JSON or as tables. The names of its fields are an interface: they stay.
type document struct {
	Bucket       string      `json:"bucket"`
	TargetBucket string      `json:"target_bucket"` // of the variants
	Originals    string      `json:"originals"`     // their prefix, with --prefix
	Resized      string      `json:"resized"`
	Complete     bool        `json:"complete"` // false: --max-objects ended the plan early
	Presets      []perPreset `json:"presets"`
	Extras       []perKind   `json:"extras"`
	Run          planned     `json:"run"`
	Survey       spent       `json:"survey"`
	Rates        price.Rates `json:"rates"`

	nothing string // to do, and why; empty when there is something
}

// planned is what a run would do.
type planned struct {
	Originals   int64                        `json:"originals"` // to read
	Bytes       int64                        `json:"bytes"`     // of them
	Megapixels  float64                      `json:"megapixels"`
	SampledFrom int                          `json:"sampled_from"` // originals that were read for their megapixels; 0: guessed by the rate
	Variants    int64                        `json:"variants"`     // to render
	Missing     int64                        `json:"missing"`
	Stale       int64                        `json:"stale"`
	UpToDate    int64                        `json:"up_to_date"`
	CoreSeconds float64                      `json:"core_seconds"` // of rendering
	Estimates   map[price.Way]price.Estimate `json:"estimates"`
}

// spent is what the plan itself cost.
type spent struct {
	Lists      int64   `json:"lists"`
	Heads      int64   `json:"heads"`
	HeadsSaved int64   `json:"heads_saved"` // by the index
	Gets       int64   `json:"gets"`        // of the sample
	Dollars    float64 `json:"dollars"`
}

// bytesInMB is what megapixels-per-megabyte counts in.
const bytesInMB = 1e6

// reaching is how many LISTs were sent before the survey: see site.reach.
const reaching = 2

func (p *plan) document(ctx context.Context, at *site, t *tally, cost survey.Cost, rates price.Rates) (document, error) {
	perByte, read, err := t.sample.Density(ctx, at.Originals, at.Config)
	if err != nil {
		return document{}, err
	}
	if read == 0 {
		perByte = rates.Of(price.MegapixelsPerMB) / bytesInMB
	}
	w := t.work
	w.Megapixels = float64(w.Bytes) * perByte
	run := planned{
		Originals: w.Originals, Bytes: w.Bytes, Megapixels: w.Megapixels, SampledFrom: read,
		Variants: w.Variants(), Missing: w.Missing, Stale: w.Stale, UpToDate: w.UpToDate,
		CoreSeconds: w.CoreSeconds(rates), Estimates: map[price.Way]price.Estimate{},
	}
	for _, way := range []price.Way{price.Here, price.Lambda, price.Batch} {
		run.Estimates[way] = rates.Estimate(w.Usage(way, rates))
	}
	own := price.Usage{Lists: cost.Lists + reaching, Heads: cost.Heads, Gets: int64(read)}
	d := document{
		Bucket: at.Bucket, TargetBucket: at.Target, Originals: at.Config.Originals + p.Prefix, Resized: at.Config.Resized,
		Complete: !t.enough, Presets: t.presets, Extras: t.extras, Run: run, Rates: rates,
		Survey: spent{
			Lists: own.Lists, Heads: own.Heads, HeadsSaved: cost.Saved, Gets: own.Gets, Dollars: rates.Estimate(own).Dollars,
		},
		nothing: nothing(t),
	}
	if d.TargetBucket == "" {
		d.TargetBucket = at.Bucket
	}
	return d, nil
}

// nothing says why a run would have nothing to do; empty when it would have something.
func nothing(t *tally) string {
	if t.work.Originals > 0 {
		return ""
	}
	var originals, taken, rest int64
	for _, p := range t.presets {
		originals, taken, rest = originals+p.Originals, taken+p.Taken, rest+p.Missing+p.Stale
	}
	switch {
	case originals == 0:
		return "Nothing to do: there are no originals here that get a preset."
	case rest > 0:
		return fmt.Sprintf("Nothing to do with --only %s; %d other variants are missing or stale.", t.Only, rest)
	case taken > 0:
		return fmt.Sprintf("Nothing that a run could do: something else stands where %d variants should. Rename one of two originals, "+
			"or use {file} in the key template; see README.md, key-taken.", taken)
	}
	return "Nothing to do: every variant is up to date."
}
