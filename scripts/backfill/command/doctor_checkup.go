package command

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

// coverage is how a preset's variants stand. Its counts but Orphans add up to Originals.
type coverage struct {
	Preset     string   `json:"preset"`
	Originals  int64    `json:"originals"` // that get the preset
	UpToDate   int64    `json:"up_to_date"`
	Coverage   *float64 `json:"coverage"` // percent that is up to date; null when no original gets the preset
	Missing    int64    `json:"missing"`
	Stale      int64    `json:"stale"`
	Taken      int64    `json:"taken"`
	Unreadable int64    `json:"unreadable"` // missing or stale, of an original that can never be rendered
}

// checkup is one look at everything.
type checkup struct {
	*doctor

	at      *site
	reading *reading
	cost    survey.Cost

	mu       sync.Mutex
	presets  []coverage
	chapters map[ailment]*chapter
	orphans  map[string]int64 // by preset
	spool    *spool           // nil: nobody wants all of it
	unread   int64            // originals and variants that could not be read, for now
	whyNot   error            // of one of them
	spoolErr error
}

func (d *doctor) newCheckup(at *site) (*checkup, error) {
	c := &checkup{doctor: d, at: at, reading: newReading(at), chapters: map[ailment]*chapter{}, orphans: map[string]int64{}}
	for _, p := range at.Config.Presets {
		if len(d.Presets) == 0 || slices.Contains(d.Presets, p.Name) {
			c.presets = append(c.presets, coverage{Preset: p.Name})
		}
	}
	for _, a := range ailments {
		c.chapters[a] = &chapter{reasons: map[string]int64{}}
	}
	var err error
	if d.json || d.prune {
		c.spool, err = newSpool()
	}
	return c, err
}

// look surveys the site. The checkup has to be closed, also when there is an error with it.
func (d *doctor) look(ctx context.Context, at *site) (c *checkup, err error) {
	if c, err = d.newCheckup(at); err != nil {
		return nil, err
	}
	s := d.survey(at)
	s.Parallel, s.Heads, s.OnlyOriginals = d.parallel, d.heads, d.Since != ""
	if s.Index, err = openIndex(d.index, at, false); err != nil {
		return c, err
	}
	if s.Index != nil {
		defer func() { err = errors.Join(err, s.Index.Close()) }()
	}
	watch := startWatch(d.err)
	defer watch.stop()
	s.Progress = watch.cost
	c.cost, err = s.Walk(ctx, func(f survey.Finding) error {
		watch.found(len(f.Originals))
		return c.add(ctx, f)
	})
	c.reading.wait()
	for i := range c.presets {
		c.presets[i].finish()
	}
	return c, errors.Join(err, c.spoolErr)
}

func (p *coverage) finish() {
	if p.Originals > 0 {
		percent := 100 * float64(p.UpToDate) / float64(p.Originals)
		p.Coverage = &percent
	}
}

func (c *checkup) close() error {
	if c.spool == nil {
		return nil
	}
	return c.spool.close()
}

// add takes a finding apart. What has to be read is read while the walk goes on.
func (c *checkup) add(ctx context.Context, f survey.Finding) error {
	for _, o := range f.Originals {
		if !c.selected(c.at.Config, o) {
			continue
		}
		if err := c.original(ctx, o); err != nil {
			return err
		}
	}
	for _, e := range f.Extras {
		if !c.meant(e) {
			continue
		}
		c.note(diagnosis{Kind: ailment(e.Kind), Key: e.Key, Original: e.Original, Preset: e.Preset, Bytes: e.Bytes})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spoolErr
}

func (c *checkup) presetNamed(name string) (preset.Preset, bool) {
	i := slices.IndexFunc(c.at.Config.Presets, func(p preset.Preset) bool { return p.Name == name })
	if i < 0 {
		return preset.Preset{}, false
	}
	return c.at.Config.Presets[i], true
}

// metered are the site's buckets with their calls counted.
func (d *doctor) metered(at *site) (originals, variants store.Objects) {
	originals = d.meter.Objects(at.Originals)
	if at.Variants == at.Originals {
		return originals, originals
	}
	return originals, d.meter.Objects(at.Variants)
}
