package survey_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

const presets = "presets:\n  small: {width: 10}\n  thumb: {width: 5, height: 5, fit: cover, format: webp}\n"

// TestWalk has the cases one by one, in words of what each original and each leftover is.
func TestWalk(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(p *planting)
		want  []string
	}{
		{"nothing", func(*planting) {}, nil},
		{
			"missing", func(p *planting) { p.original("originals/a.jpg") },
			[]string{`"originals/a.jpg" small: missing  ""`, `"originals/a.jpg" thumb: missing  ""`},
		},
		{
			"up to date, and stale by the original, by the preset, by both", func(p *planting) {
				a, b, c, d := p.original("originals/a.jpg"), p.original("originals/b"), p.original("originals/c.heic"), p.original("originals/d.d/d")
				small := p.config.Presets[0]
				p.variant("resized/small/a.jpg", a, small)
				p.put("resized/small/b.png", "", mark(b.Key, "old", "small", small.Fingerprint(imaging.Renderer)))
				p.put("resized/small/c.jpg", "", mark(c.Key, c.ETag, "small", "old"))
				p.put("resized/small/d.d/d.webp", "", mark(d.Key, "old", "small", "old"))
			},
			[]string{
				`"originals/a.jpg" small: up-to-date  "resized/small/a.jpg"`, `"originals/a.jpg" thumb: missing  ""`,
				`"originals/b" small: stale original-changed "resized/small/b.png"`, `"originals/b" thumb: missing  ""`,
				`"originals/c.heic" small: stale preset-changed "resized/small/c.jpg"`, `"originals/c.heic" thumb: missing  ""`,
				`"originals/d.d/d" small: stale original-changed+preset-changed "resized/small/d.d/d.webp"`, `"originals/d.d/d" thumb: missing  ""`,
			},
		},
		{
			"two originals of one stem want one key", func(p *planting) {
				jpg, png := p.original("originals/a.jpg"), p.original("originals/a.png")
				p.variant("resized/small/a.jpg", jpg, p.config.Presets[0])
				p.variant("resized/small/a.png", png, p.config.Presets[0])
				p.variant("resized/thumb/a.webp", jpg, p.config.Presets[1])
			},
			[]string{
				`"originals/a.jpg" small: up-to-date  "resized/small/a.jpg"`, `"originals/a.jpg" thumb: up-to-date  "resized/thumb/a.webp"`,
				`"originals/a.png" small: up-to-date  "resized/small/a.png"`, `"originals/a.png" thumb: taken  "resized/thumb/a.webp"`,
			},
		},
		{
			"something foreign stands there", func(p *planting) {
				p.original("originals/a.jpg")
				p.put("resized/thumb/a.webp", "", nil)
				p.put("resized/logo.svg", "", nil)
				p.put("resized/manifest/a.jpg.json", "", nil)
				p.put("resized/failed/a.jpg.json", "", nil)
			},
			[]string{
				`"originals/a.jpg" small: missing  ""`, `"originals/a.jpg" thumb: taken  "resized/thumb/a.webp"`,
				`extra "resized/logo.svg": foreign of "" by ""`, `extra "resized/thumb/a.webp": foreign of "" by ""`,
			},
		},
		{
			"an orphan in the way is no reason not to render", func(p *planting) {
				p.original("originals/a.jpg")
				p.put("resized/thumb/a.webp", "", mark("originals/a.gif", "e", "thumb", "f"))
			},
			[]string{
				`"originals/a.jpg" small: missing  ""`, `"originals/a.jpg" thumb: missing  ""`,
				`extra "resized/thumb/a.webp": orphan of "originals/a.gif" by "thumb"`,
			},
		},
		{
			"dropped and superseded", func(p *planting) {
				a := p.original("originals/a.jpg")
				p.variant("resized/small/a.jpg", a, p.config.Presets[0])
				p.variant("resized/thumb/a.webp", a, p.config.Presets[1])
				p.variant("resized/small/a.webp", a, p.config.Presets[0])
				p.variant("resized/gone/a.webp", a, p.config.Presets[0])
				p.variant("resized/elsewhere/x/y/z", a, p.config.Presets[0])
			},
			[]string{
				`"originals/a.jpg" small: up-to-date  "resized/small/a.jpg"`, `"originals/a.jpg" thumb: up-to-date  "resized/thumb/a.webp"`,
				`extra "resized/elsewhere/x/y/z": superseded of "originals/a.jpg" by "small"`,
				`extra "resized/gone/a.webp": dropped of "originals/a.jpg" by "gone"`,
				`extra "resized/small/a.webp": superseded of "originals/a.jpg" by "small"`,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plant(config(t, presets))
			c.plant(p)
			got, _, _ := found(t, &survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(p.expected(), got); diff != "" {
				t.Errorf("the tests' own idea is another: (-theirs +got)\n%s", diff)
			}
		})
	}
}

// TestTrustListing holds that no HEAD is sent, and what is seen without.
func TestTrustListing(t *testing.T) {
	p := plant(config(t, presets))
	p.put("resized/small/a.jpg", "", nil)
	p.put("resized/small/b.jpg", "", nil)
	p.put("resized/thumb/b.webp", "", nil)
	p.put("resized/small/gone.jpg", "", nil)
	p.put("resized/odd", "", nil)
	for _, key := range []string{"originals/a.jpg", "originals/b.jpg", "originals/b.png"} {
		p.original(key)
	}
	p.bucket.Hook(func(_ context.Context, c store.Call) error {
		if c.Method == "Head" {
			t.Errorf("HEAD of %q", c.Keys)
		}
		return nil
	})
	got, _, cost := found(t, &survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket, TrustListing: true})
	want := []string{
		`"originals/a.jpg" small: up-to-date  "resized/small/a.jpg"`, `"originals/a.jpg" thumb: missing  ""`,
		`"originals/b.jpg" small: up-to-date  "resized/small/b.jpg"`, `"originals/b.jpg" thumb: up-to-date  "resized/thumb/b.webp"`,
		`"originals/b.png" small: missing  ""`, `"originals/b.png" thumb: taken  "resized/thumb/b.webp"`,
		`extra "resized/odd": foreign of "" by ""`, `extra "resized/small/gone.jpg": orphan of "" by "small"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if cost.Heads != 0 {
		t.Errorf("%d HEADs were counted", cost.Heads)
	}
}

// TestPresets holds that nothing is looked at of presets that were not asked for.
func TestPresets(t *testing.T) {
	p := plant(config(t, presets))
	a := p.original("originals/a.jpg")
	p.variant("resized/small/a.jpg", a, p.config.Presets[0])
	p.variant("resized/thumb/a.webp", a, p.config.Presets[1])
	p.variant("resized/gone/a.webp", a, p.config.Presets[1])
	got, _, cost := found(t, &survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket, Presets: []string{"thumb"}})
	if diff := cmp.Diff([]string{`"originals/a.jpg" thumb: up-to-date  "resized/thumb/a.webp"`}, got); diff != "" || cost.Heads != 1 {
		t.Errorf("%d HEADs (-want +got)\n%s", cost.Heads, diff)
	}
}

// TestFailures holds that a listing and a HEAD that fail for the moment are tried again, from where they were, that others end
// the walk, and that what was found until then is right.
func TestFailures(t *testing.T) {
	p := plant(config(t, presets))
	for _, key := range []string{"originals/a.jpg", "originals/b.jpg", "originals/c.jpg"} {
		o := p.original(key)
		p.variant(p.config.PredictKeys(p.config.Presets[0], key)[0], o, p.config.Presets[0])
	}
	for _, method := range []string{"List", "Head"} {
		for _, c := range []struct {
			name  string
			err   error
			times int
			ends  bool
		}{
			{"for the moment", errors.New("slow down"), 2, false},
			{"denied", store.ErrDenied, 1, true},
		} {
			failures := make(chan error, 9)
			for range c.times {
				failures <- c.err
			}
			p.bucket.Hook(func(_ context.Context, call store.Call) error {
				if call.Method == method {
					select {
					case err := <-failures:
						return err
					default:
					}
				}
				return nil
			})
			got, _, _, err := walked(&survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket})
			want := p.expected()
			if c.ends {
				if !errors.Is(err, c.err) {
					t.Errorf("%s %s: %v", method, c.name, err)
				}
				for _, line := range got {
					if !slices.Contains(want, line) {
						t.Errorf("%s %s: before the error, %s was found", method, c.name, line)
					}
				}
				continue
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s %s: %v (-want +got)\n%s", method, c.name, err, diff)
			}
		}
	}
}

// TestBrokenListing holds that a listing that breaks off in its middle goes on behind its last key.
func TestBrokenListing(t *testing.T) {
	made := &generated{originals: 3000, breakEvery: 700}
	count, order := 0, ""
	s := &survey.Survey{Config: config(t, presets), Originals: made, Variants: made, TrustListing: true, Ordered: true}
	cost, err := s.Walk(context.Background(), func(f survey.Finding) error {
		for _, o := range f.Originals {
			if o.Key <= order || len(o.Variants) != 2 || o.Variants[0].State != survey.UpToDate || o.Variants[1].State != survey.UpToDate {
				t.Errorf("%+v after %s", o, order)
			}
			count, order = count+1, o.Key
		}
		if len(f.Extras) > 0 {
			t.Errorf("extras: %+v", f.Extras)
		}
		return nil
	})
	if err != nil || count != made.originals {
		t.Errorf("%d originals, %v", count, err)
	}
	if cost.Lists < 12 {
		t.Errorf("%d LISTs for three listings that broke off after every 700 of 3,000", cost.Lists)
	}
}

func TestStops(t *testing.T) {
	made := &generated{originals: 30_000}
	s := &survey.Survey{Config: config(t, presets), Originals: made, Variants: made, TrustListing: true}
	enough := errors.New("enough")
	if _, err := s.Walk(context.Background(), func(survey.Finding) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("visit's error became %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := s.Walk(ctx, func(survey.Finding) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("the context's error became %v", err)
	}
	s.After = "originals/x"
	if _, err := s.Walk(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "ordered") {
		t.Errorf("After without Ordered: %v", err)
	}
}

func TestCompare(t *testing.T) {
	c := config(t, presets)
	for _, pair := range [][2]string{{"photo-1.jpg", "photo"}, {"photo-1.jpg", "photo.jpg"}, {"photo", "photo.jpg"}, {"a/b", "b"}, {"a-b/c", "a"}} {
		a, b := c.Originals+pair[0], c.Originals+pair[1]
		if survey.Compare(c, a, b) >= 0 || survey.Compare(c, b, a) <= 0 || survey.Compare(c, a, a) != 0 {
			t.Errorf("%s does not come before %s", a, b)
		}
	}
}
