package command

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/cobra"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/backfill/survey"
)

// selection says which originals, and which of their variants, a command is about. plan, run and doctor share it.
type selection struct {
	Prefix     string   // of originals, below the originals prefix
	Presets    []string // names; empty: all
	Only       string   // missing, stale or all; empty: missing and stale
	Since      string   // RFC 3339 or a duration
	Match      string   // glob below the originals prefix
	MaxObjects int64    // originals to render at most; 0: all

	since time.Time
	taken int64
}

// errEnough ends a walk when MaxObjects originals have been taken.
var errEnough = errors.New("--max-objects originals were taken")

func (s *selection) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.Prefix, "prefix", "", "only originals whose key, below the originals prefix, begins with this, such as users/42/")
	f.StringSliceVar(&s.Presets, "preset", nil, "only this preset; may be repeated")
	f.StringVar(&s.Only, "only", "", "missing, stale or all: what to render (default: missing and stale; all renders what is up to date again)")
	f.StringVar(&s.Since, "since", "", "only originals uploaded since: a time such as 2026-11-21T08:00:00Z, or a duration such as 24h")
	f.StringVar(&s.Match, "match", "", "only originals that match this glob below the originals prefix, such as '**/*.{jpg,jpeg}'")
	f.Int64Var(&s.MaxObjects, "max-objects", 0, "stop after this many originals that need work (default: all)")
}

// check refuses what is not right, and reads the time.
func (s *selection) check(config *preset.Config, now time.Time) error {
	var names []string
	for _, p := range config.Presets {
		names = append(names, p.Name)
	}
	for _, name := range s.Presets {
		if !slices.Contains(names, name) {
			return usage("--preset is %q; presets.yaml has %s", name, strings.Join(names, ", "))
		}
	}
	switch {
	case !slices.Contains([]string{"", "missing", "stale", "all"}, s.Only):
		return usage("--only is %q; missing, stale or all is right", s.Only)
	case s.Prefix != "" && strings.HasPrefix(s.Prefix, config.Originals):
		return usage("--prefix is %q; it is below the originals prefix: %q is right", s.Prefix, strings.TrimPrefix(s.Prefix, config.Originals))
	case strings.HasPrefix(s.Prefix, "/") || !utf8.ValidString(s.Prefix):
		return usage("--prefix is %q; such as users/42/ is right, without a \"/\" in front", s.Prefix)
	case !doublestar.ValidatePattern(s.Match):
		return usage("--match is %q, which is not a glob; such as '**/*.jpg' or 'users/**' is right", s.Match)
	case strings.HasPrefix(s.Match, "/") || strings.HasPrefix(s.Match, config.Originals):
		return usage("--match is %q; it is below the originals prefix: %q is right", s.Match, strings.TrimLeft(strings.TrimPrefix(s.Match, config.Originals), "/"))
	case s.MaxObjects < 0:
		return usage("--max-objects is %d; a number of originals is right", s.MaxObjects)
	}
	return s.read(now)
}

func (s *selection) read(now time.Time) error {
	if s.Since == "" {
		return nil
	}
	if ago, err := time.ParseDuration(s.Since); err == nil && ago >= 0 {
		s.since = now.Add(-ago)
		return nil
	}
	at, err := time.Parse(time.RFC3339, s.Since)
	if err != nil {
		at, err = time.Parse(time.DateOnly, s.Since)
	}
	if err != nil {
		return usage("--since is %q; a time such as 2026-11-21T08:00:00Z, a date such as 2026-11-21, or a duration such as 24h is right", s.Since)
	}
	s.since = at
	return nil
}

// survey is a survey of what is selected.
func (s *selection) survey(at *site) *survey.Survey {
	return &survey.Survey{
		Config: at.Config, Originals: at.Originals, Variants: at.Variants, Prefix: s.Prefix, Presets: s.Presets,
	}
}

// selected says whether an original is one of those that are meant; its prefix is the survey's affair.
func (s *selection) selected(config *preset.Config, o survey.Original) bool {
	return (s.since.IsZero() || !o.LastModified.Before(s.since)) &&
		(s.Match == "" || doublestar.MatchUnvalidated(s.Match, strings.TrimPrefix(o.Key, config.Originals)))
}

// work are the variants of a selected original that are to be rendered. What is taken cannot be.
func (s *selection) work(o survey.Original) []survey.Variant {
	var out []survey.Variant
	for _, v := range o.Variants {
		if v.State != survey.Taken && (s.Only == "all" ||
			v.State == survey.Missing && s.Only != "stale" || v.State == survey.Stale && s.Only != "missing") {
			out = append(out, v)
		}
	}
	return out
}

// take counts an original that has work. It is false when there were enough before.
func (s *selection) take() bool {
	if s.MaxObjects > 0 && s.taken >= s.MaxObjects {
		return false
	}
	s.taken++
	return true
}
