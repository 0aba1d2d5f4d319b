package command

import (
	"github.com/presize/presize/scripts/backfill/price"
)

// verdict is what doctor prints, as JSON or as text. The names of its fields are an interface: they stay. --json has one more,
// findings, with every diagnosis.
type verdict struct {
	Bucket       string     `json:"bucket"`
	TargetBucket string     `json:"target_bucket"` // of the variants
	Originals    string     `json:"originals"`     // their prefix, with --prefix
	Resized      string     `json:"resized"`
	Well         bool       `json:"well"`  // nothing is wrong, and everything could be read
	Wrong        int64      `json:"wrong"` // findings
	Presets      []coverage `json:"presets"`
	Kinds        []found    `json:"kinds"`
	Pruned       *pruned    `json:"pruned,omitempty"` // before this look
	Cost         checkupFee `json:"cost"`
}

// found is what was found of one kind.
type found struct {
	Kind    ailment `json:"kind"`
	Count   int64   `json:"count"`
	Bytes   int64   `json:"bytes"` // of what stands there
	Wrong   bool    `json:"wrong"` // whether one of it makes the bucket ill
	Advice  string  `json:"advice,omitempty"`
	Command string  `json:"command,omitempty"`
}

// checkupFee is what looking has cost, a repair's rendering not counted.
type checkupFee struct {
	Lists      int64   `json:"lists"`
	Heads      int64   `json:"heads"`
	HeadsSaved int64   `json:"heads_saved"` // by the index, in the last look
	Gets       int64   `json:"gets"`
	BytesRead  int64   `json:"bytes_read"`
	NotRead    int64   `json:"not_read"` // originals and variants that could not be read, for a reason that may pass
	Dollars    float64 `json:"dollars"`
}

func (d *doctor) verdictOf(at *site, c *checkup, gone *pruned) verdict {
	v := verdict{
		Bucket: at.Bucket, TargetBucket: at.Target, Originals: at.Config.Originals + d.Prefix, Resized: at.Config.Resized,
		Presets: c.presets, Pruned: gone,
	}
	if v.TargetBucket == "" {
		v.TargetBucket = at.Bucket
	}
	for _, a := range ailments {
		ch := c.chapters[a]
		f := found{Kind: a, Count: ch.count, Bytes: ch.bytes, Wrong: a != foreign && (a != unreadable || !d.allowUnreadable)}
		if f.Count > 0 {
			f.Advice, f.Command = sentence(a, ch.count), c.remedy(a)
			if f.Wrong {
				v.Wrong += f.Count
			} else if a == unreadable {
				f.Command = ""
			}
		}
		v.Kinds = append(v.Kinds, f)
	}
	v.Well = v.Wrong == 0 && c.unread == 0
	usage := d.meter.Usage()
	usage.Lists += reaching
	v.Cost = checkupFee{
		Lists: usage.Lists, Heads: usage.Heads, HeadsSaved: c.cost.Saved, Gets: usage.Gets, BytesRead: usage.BytesOut,
		NotRead: c.unread, Dollars: price.Defaults().Estimate(usage).Dollars,
	}
	return v
}
