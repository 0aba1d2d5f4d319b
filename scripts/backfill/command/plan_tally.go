package command

import (
	"slices"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/backfill/price"
	"github.com/presize/presize/scripts/backfill/survey"
)

// perPreset is how a preset's variants stand. Stale is the sum of the three reasons.
type perPreset struct {
	Preset          string `json:"preset"`
	Originals       int64  `json:"originals"` // that get the preset
	UpToDate        int64  `json:"up_to_date"`
	Missing         int64  `json:"missing"`
	Stale           int64  `json:"stale"`
	StaleByOriginal int64  `json:"stale_by_original"` // overwritten since
	StaleByPreset   int64  `json:"stale_by_preset"`   // edited since
	StaleByBoth     int64  `json:"stale_by_both"`
	Taken           int64  `json:"taken"` // something else stands where the variant should: a run cannot help
}

// perKind is what is left over of one kind.
type perKind struct {
	Kind    survey.Kind `json:"kind"`
	Objects int64       `json:"objects"`
	Bytes   int64       `json:"bytes"`
}

// tally counts findings.
type tally struct {
	*selection

	config  *preset.Config
	presets []perPreset
	extras  []perKind
	work    price.Work
	sample  price.Sample
	enough  bool // --max-objects ended it
}

func newTally(s *selection, config *preset.Config, sample int) *tally {
	t := &tally{selection: s, config: config, sample: price.Sample{Size: sample}}
	for _, p := range config.Presets {
		if len(s.Presets) == 0 || slices.Contains(s.Presets, p.Name) {
			t.presets = append(t.presets, perPreset{Preset: p.Name})
		}
	}
	for _, kind := range []survey.Kind{survey.Orphan, survey.Dropped, survey.Superseded, survey.Foreign} {
		t.extras = append(t.extras, perKind{Kind: kind})
	}
	return t
}

// add counts a finding. errEnough ends the walk before an original that would be one too many.
func (t *tally) add(f survey.Finding) error {
	for _, o := range f.Originals {
		if !t.selected(t.config, o) {
			continue
		}
		work := t.selection.work(o)
		if len(work) > 0 && !t.take() {
			t.enough = true
			return errEnough
		}
		for _, v := range o.Variants {
			t.count(v)
		}
		t.plan(o, work)
	}
	for _, e := range f.Extras {
		i := slices.IndexFunc(t.extras, func(k perKind) bool { return k.Kind == e.Kind })
		t.extras[i].Objects++
		t.extras[i].Bytes += e.Bytes
	}
	return nil
}

func (t *tally) count(v survey.Variant) {
	p := &t.presets[slices.IndexFunc(t.presets, func(p perPreset) bool { return p.Preset == v.Preset })]
	p.Originals++
	switch v.State {
	case survey.UpToDate:
		p.UpToDate++
	case survey.Missing:
		p.Missing++
	case survey.Taken:
		p.Taken++
	case survey.Stale:
		p.Stale++
		switch v.Why {
		case survey.OriginalChanged:
			p.StaleByOriginal++
		case survey.PresetChanged:
			p.StaleByPreset++
		case survey.BothChanged:
			p.StaleByBoth++
		}
	}
}

// keysOfAnyFormat is at how many keys the function looks for the variant of a preset that keeps the original's format: one
// for each format there is.
const keysOfAnyFormat = 5

// plan adds what a run would do to an original.
func (t *tally) plan(o survey.Original, work []survey.Variant) {
	if len(work) == 0 {
		return
	}
	t.work.Originals++
	t.work.Bytes += o.Size
	t.work.Looks++
	t.sample.Add(o.Info)
	for _, v := range work {
		t.work.Looks++
		switch v.State {
		case survey.Missing:
			t.work.Missing++
			i := slices.IndexFunc(t.config.Presets, func(p preset.Preset) bool { return p.Name == v.Preset })
			if t.config.Presets[i].Format == preset.Original {
				t.work.Looks += keysOfAnyFormat - 1
			}
		case survey.Stale:
			t.work.Stale++
		case survey.UpToDate:
			t.work.UpToDate++
		}
	}
}
