package main_test

import (
	"cmp"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestBackfillPlan plants 20,000 originals with variants for a random half of them, some of those stale, and what else may
// lie about. The plan finds exactly that, once by looking at everything, and again by the index.
func TestBackfillPlan(t *testing.T) {
	t.Parallel()
	const originals = 20_000
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("PRESIZE_SEED"), strconv.FormatUint(rand.Uint64(), 10)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, "planted", twoPresets)
	p := newPlanting(t, s, seed)
	for i := range originals {
		p.add(i)
	}
	p.leave(100)
	s.plant(t, p.objects)
	s.moveOut(t)
	settle()
	d := s.plan(t, "--sample", "0")
	p.check(t, d)
	// Every variant was looked at, and whether the originals of orphans are gone indeed.
	orphans := p.extras["orphan"]
	if d.Survey.Heads < p.variants || d.Survey.Heads > p.variants+orphans || d.Survey.HeadsSaved > 2 {
		t.Errorf("%d HEADs and %d saved by the index, of %d variants and %d orphans", d.Survey.Heads, d.Survey.HeadsSaved, p.variants, orphans)
	}
	// The index knows all of it but what was written since.
	const changed = 10
	n := int64(0)
	for _, o := range p.objects {
		if strings.HasPrefix(o.key, "resized/logo-") && n < changed {
			s.put(t, o.key, []byte("another body"))
			n++
		}
	}
	d = s.plan(t, "--sample", "0")
	p.check(t, d)
	if d.Survey.Heads < n || d.Survey.Heads > orphans+n || d.Survey.HeadsSaved != p.variants-n {
		t.Errorf("after %d changes: %d HEADs and %d saved by the index, of %d variants and %d orphans", n, d.Survey.Heads, d.Survey.HeadsSaved, p.variants, orphans)
	}
}

// check compares a plan with what was planted.
func (p *planting) check(t *testing.T, d document) {
	t.Helper()
	var want []presetLine
	var missing, stale int64
	for _, preset := range p.site.config.Presets {
		line := *p.want[preset.Name]
		want = append(want, line)
		missing, stale = missing+line.Missing, stale+line.Stale
	}
	if diff := gocmp.Diff(want, d.Presets); diff != "" {
		t.Errorf("presets (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(p.extras, d.extras()); diff != "" {
		t.Errorf("extras (-want +got):\n%s", diff)
	}
	r := d.Run
	if !d.Complete || r.Originals != p.originals || r.Bytes != p.bytes || r.Missing != missing || r.Stale != stale || r.Variants != missing+stale {
		t.Errorf("run: %+v; want %d originals of %d bytes, %d missing and %d stale", r, p.originals, p.bytes, missing, stale)
	}
}

// TestBackfillEditedPreset edits one preset: that one alone is stale, that one alone is rendered, and then there is nothing to
// do.
func TestBackfillEditedPreset(t *testing.T) {
	t.Parallel()
	presets, err := os.ReadFile(root + "/presets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, "edited", string(presets))
	f := newFront(t, s)
	const originals = 12
	s.photos(t, originals)
	s.backfill(t, 0, []string{"run", "--via", "here"}, "12 originals rendered, 48 variants written", " 0 retries")
	s.complete(t)
	before := s.variants(t, false)
	s.backfill(t, 0, []string{"plan"}, "Nothing to do")

	edited := strings.Replace(string(presets), "medium:    {width: 720}", "medium:    {width: 720, quality: 60}", 1)
	if edited == string(presets) {
		t.Fatal("presets.yaml has no such medium any more")
	}
	s.setPresets(t, edited)
	settle() // so that a rewritten object has another time
	for _, line := range s.plan(t).Presets {
		want := presetLine{Preset: line.Preset, Originals: originals, UpToDate: originals}
		if line.Preset == "medium" {
			want.UpToDate, want.Stale, want.StaleByPreset = 0, originals, originals
		}
		if line != want {
			t.Errorf("%+v, want %+v", line, want)
		}
	}
	f.next()
	s.backfill(t, 0, []string{"run", "--via", "here"}, "12 originals rendered, 12 variants written")
	for _, r := range f.requests("PUT") {
		if r.phase == 1 && s.isVariant(r.key) && !strings.HasPrefix(r.key, s.config.Resized+"medium/") {
			t.Errorf("written as well: %s", r.key)
		}
	}
	for key, now := range s.variants(t, false) {
		was := before[key]
		same := now.ETag == was.ETag && now.LastModified.Equal(was.LastModified)
		if same == strings.Contains(key, "/medium/") {
			t.Errorf("%s: %s of %s, before %s of %s", key, now.ETag, now.LastModified, was.ETag, was.LastModified)
		}
	}
	s.complete(t)
	f.next()
	s.backfill(t, 0, []string{"plan"}, "Nothing to do")
	s.backfill(t, 0, []string{"run"}, "Nothing to do")
	if n := f.writes(); n != 0 {
		t.Errorf("%d writes with nothing to do", n)
	}
}
