package command

import (
	"context"
	"slices"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/scripts/backfill/survey"
)

// original notes how an original and its variants stand, after reading what has to be read.
func (c *checkup) original(ctx context.Context, o survey.Original) error {
	var disagreements map[string][]disagreement // by key
	if !c.deep && !c.doubtful(o) {
		c.record(o, report.Original{Outcome: report.Done}, disagreements)
		return nil
	}
	weight := o.Size
	if c.deep {
		for _, v := range o.Variants {
			weight = max(weight, v.Bytes)
		}
	}
	return c.reading.start(ctx, weight, func() {
		account := report.Original{Outcome: report.Done}
		if c.doubtful(o) {
			account = c.examine(ctx, o)
		}
		if c.deep {
			disagreements = c.compare(ctx, o)
		}
		c.record(o, account, disagreements)
	})
}

// doubtful says whether an original has to be read to know that it can be rendered. A variant of its present state is the proof that
// it could be; so of a new preset's two million missing variants, none needs a look.
func (c *checkup) doubtful(o survey.Original) bool {
	lacking := false
	for _, v := range o.Variants {
		if v.Mark.Original == o.Key && v.Mark.ETag == o.ETag {
			return false
		}
		lacking = lacking || v.State == survey.Missing || v.State == survey.Stale
	}
	return lacking && !c.noRead
}

// record counts an original. One that is gone by now has nothing to be counted.
func (c *checkup) record(o survey.Original, account report.Original, disagreements map[string][]disagreement) {
	if account.Outcome == report.Gone {
		return
	}
	refused := account.Outcome == report.Failed || account.Outcome == report.Skipped
	if refused {
		c.note(diagnosis{Kind: unreadable, Original: o.Key, Bytes: o.Size, Reason: account.Reason, Message: message(account)})
	}
	for _, v := range o.Variants {
		c.count(v, refused)
		g := diagnosis{Key: v.Key, Original: o.Key, Preset: v.Preset, Bytes: v.Bytes}
		switch {
		case v.State == survey.UpToDate || v.State == survey.Stale:
			if g.Disagreements = slices.Concat(c.contradictions(v), disagreements[v.Key]); len(g.Disagreements) > 0 {
				g.Kind = disagreeing
				c.note(g)
				g.Disagreements = nil
			}
			if v.State == survey.Stale && !refused {
				g.Kind, g.Why = stale, string(v.Why)
				c.note(g)
			}
		case v.State == survey.Taken:
			g.Kind, g.Message = taken, "Presize did not write what stands there"
			if v.Mark.Original != "" {
				g.Message = "what stands there is a variant of " + v.Mark.Original
			}
			c.note(g)
		case !refused:
			g.Kind = missing
			if p, ok := c.presetNamed(v.Preset); ok && len(c.at.Config.PredictKeys(p, o.Key)) == 0 {
				g.Reason, g.Message = pipeline.KeyTooLong, "its key would be longer than S3 takes; a shorter name is the way out"
			}
			c.note(g)
		}
	}
}

// message says why an original can never be rendered.
func message(account report.Original) string {
	if account.Err != nil {
		return account.Err.Error()
	}
	if account.Reason == "is-a-variant" {
		return "it is a variant that was copied below the originals prefix"
	}
	return "the pipeline passes over it"
}

func (c *checkup) count(v survey.Variant, refused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &c.presets[slices.IndexFunc(c.presets, func(p coverage) bool { return p.Preset == v.Preset })]
	p.Originals++
	switch {
	case v.State == survey.UpToDate:
		p.UpToDate++
	case v.State == survey.Taken:
		p.Taken++
	case refused:
		p.Unreadable++
	case v.State == survey.Missing:
		p.Missing++
	case v.State == survey.Stale:
		p.Stale++
	}
}
