package imaging_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// rect is an imaging.Rectangle, shorter.
func rect(left, top, width, height int) imaging.Rectangle {
	return imaging.Rectangle{Left: left, Top: top, Width: width, Height: height}
}

func TestPlan(t *testing.T) {
	with := func(p preset.Preset, change func(*preset.Preset)) preset.Preset {
		change(&p)
		return p
	}
	enlarged := func(p *preset.Preset) { p.Enlarge = true }
	cases := map[string]struct {
		preset        preset.Preset
		width, height int
		want          imaging.Geometry
	}{
		"a phone's photo, small":       {box(368, 0, preset.Inside), 4032, 3024, imaging.Geometry{Width: 368, Height: 276}},
		"the same upright":             {box(368, 0, preset.Inside), 3024, 4032, imaging.Geometry{Width: 368, Height: 491}},
		"a side alone, whatever fit":   {box(368, 0, preset.Cover), 4032, 3024, imaging.Geometry{Width: 368, Height: 276}},
		"smaller than asked for":       {box(368, 0, preset.Inside), 300, 200, imaging.Geometry{Width: 300, Height: 200}},
		"thumbnail":                    {box(150, 150, preset.Cover), 4032, 3024, imaging.Geometry{Width: 200, Height: 150, Crop: rect(25, 0, 150, 150)}},
		"thumbnail of a square":        {box(150, 150, preset.Cover), 512, 512, imaging.Geometry{Width: 150, Height: 150}},
		"thumbnail of a stamp":         {box(150, 150, preset.Cover), 100, 60, imaging.Geometry{Width: 100, Height: 60, Crop: rect(20, 0, 60, 60)}},
		"thumbnail of a line":          {box(150, 150, preset.Cover), 3000, 3, imaging.Geometry{Width: 3000, Height: 3, Crop: rect(1498, 0, 3, 3)}},
		"a line":                       {box(368, 0, preset.Inside), 3000, 3, imaging.Geometry{Width: 368, Height: 1}},
		"a line upright":               {box(0, 368, preset.Inside), 1, 16383, imaging.Geometry{Width: 1, Height: 368}},
		"a line in a box":              {box(100, 100, preset.Inside), 1, 16383, imaging.Geometry{Width: 1, Height: 100}},
		"a pixel, enlarged":            {with(box(100, 50, preset.Inside), enlarged), 1, 1, imaging.Geometry{Width: 50, Height: 50}},
		"contain":                      {box(100, 100, preset.Contain), 400, 200, imaging.Geometry{Width: 100, Height: 50, Canvas: rect(0, 25, 100, 100)}},
		"contain, smaller":             {box(100, 100, preset.Contain), 40, 20, imaging.Geometry{Width: 40, Height: 20, Canvas: rect(30, 40, 100, 100)}},
		"contain, fits":                {box(100, 50, preset.Contain), 400, 200, imaging.Geometry{Width: 100, Height: 50}},
		"fill":                         {box(100, 100, preset.Fill), 400, 200, imaging.Geometry{Width: 100, Height: 100}},
		"fill, larger":                 {box(1000, 1000, preset.Fill), 400, 200, imaging.Geometry{Width: 200, Height: 200}},
		"cover, enlarged":              {with(box(100, 100, preset.Cover), enlarged), 20, 10, imaging.Geometry{Width: 200, Height: 100, Crop: rect(50, 0, 100, 100)}},
		"longer than WebP can be":      {with(box(100, 0, preset.Inside), func(p *preset.Preset) { p.Format = preset.WebP }), 100, 20000, imaging.Geometry{Width: 82, Height: 16383}},
		"enlarged beyond a JPEG":       {with(box(16383, 0, preset.Inside), func(p *preset.Preset) { p.Format, p.Enlarge = preset.JPEG, true }), 10, 100, imaging.Geometry{Width: 6550, Height: 65500}},
		"smart, but nothing to choose": {with(box(10, 10, preset.Cover), func(p *preset.Preset) { p.Gravity = preset.Smart }), 100, 100, imaging.Geometry{Width: 10, Height: 10}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, imaging.Plan(c.preset, c.width, c.height)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlanHolds draws presets and originals and asks what must hold of all.
func TestPlanHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(1, 16383), rapid.Just(16383))
		width, height := side.Draw(t, "width"), side.Draw(t, "height")
		fits := []preset.Fit{preset.Inside, preset.Cover, preset.Contain, preset.Fill}
		p := box(side.Draw(t, "box width"), side.Draw(t, "box height"), rapid.SampledFrom(fits).Draw(t, "fit"))
		p.Enlarge = rapid.Bool().Draw(t, "enlarge")
		p.Gravity = rapid.SampledFrom(gravities).Draw(t, "gravity").gravity
		switch rapid.IntRange(0, 2).Draw(t, "side left out") {
		case 0:
			p.Width = 0
		case 1:
			p.Height = 0
		}
		if problem := wrong(p, width, height, imaging.Plan(p, width, height)); problem != "" {
			t.Fatal(problem)
		}
	})
}

// wrong says what does not hold of a plan.
func wrong(p preset.Preset, width, height int, g imaging.Geometry) string {
	w, h := g.Size()
	both := p.Width > 0 && p.Height > 0
	switch {
	case w < 1 || h < 1:
		return "nothing is left"
	case p.Width > 0 && w > p.Width || p.Height > 0 && h > p.Height:
		return fmt.Sprintf("%d x %d is larger than the box", w, h)
	case !p.Enlarge && (g.Width > width || g.Height > height):
		return fmt.Sprintf("enlarged to %d x %d", g.Width, g.Height)
	case g.Crop.Left < 0 || g.Crop.Top < 0 || g.Crop.Left+g.Crop.Width > g.Width || g.Crop.Top+g.Crop.Height > g.Height:
		return fmt.Sprintf("the crop %+v is not within %d x %d", g.Crop, g.Width, g.Height)
	case g.Canvas.Width > 0 && (g.Canvas.Left < 0 || g.Canvas.Top < 0 ||
		g.Canvas.Left+g.Width > g.Canvas.Width || g.Canvas.Top+g.Height > g.Canvas.Height):
		return fmt.Sprintf("%d x %d does not lie on the canvas %+v", g.Width, g.Height, g.Canvas)
	case both && p.Fit == preset.Contain && (w != p.Width || h != p.Height):
		return fmt.Sprintf("contain gives %d x %d", w, h)
	case both && (p.Fit == preset.Cover || p.Fit == preset.Fill) && !shaped(w, h, p.Width, p.Height):
		return fmt.Sprintf("%d x %d does not have the box's shape", w, h)
	case (!both || p.Fit != preset.Fill) && !shaped(g.Width, g.Height, width, height):
		return fmt.Sprintf("%d x %d does not have the original's shape", g.Width, g.Height)
	}
	return ""
}

// shaped says whether w x h has the shape of width x height, but for a pixel.
func shaped(w, h, width, height int) bool {
	shape := float64(width) / float64(height)
	return math.Abs(float64(w)-float64(h)*shape) <= 1+shape || math.Abs(float64(h)-float64(w)/shape) <= 1+1/shape
}

// TestMasterSize: the master is as large as the largest resize, and no smaller than any.
func TestMasterSize(t *testing.T) {
	type size struct{ Width, Height int }
	defaults := defaultConfig(t).Presets
	for name, c := range map[string]struct {
		presets  []preset.Preset
		original size
		vector   bool
		want     size
	}{
		"a phone's photo":          {defaults, size{4032, 3024}, false, size{1440, 1080}},
		"smaller than the largest": {defaults, size{800, 600}, false, size{800, 600}},
		"two shapes": {
			[]preset.Preset{box(100, 400, preset.Fill), box(300, 50, preset.Fill)}, size{4000, 4000}, false, size{300, 400},
		},
		"a drawing, enlarged": {
			[]preset.Preset{func() preset.Preset { p := box(480, 0, preset.Inside); p.Enlarge = true; return p }()},
			size{48, 48}, true, size{480, 480},
		},
		"no presets": {nil, size{40, 30}, false, size{40, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			width, height := imaging.MasterSize(c.presets, c.original.Width, c.original.Height, c.vector)
			if diff := cmp.Diff(c.want, size{width, height}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestShrinkOnLoad: a JPEG's decoder leaves enough for the reduction that follows to do well, and no more than it must.
func TestShrinkOnLoad(t *testing.T) {
	least := map[int]float64{1: 1, 2: 1.5, 4: 1.25, 8: 1.125}
	most := map[int]float64{1: 3, 2: 2.5, 4: 2.25, 8: 5}
	for reduction := 1.0; reduction < 40; reduction += 0.25 {
		header := imaging.Header{Type: imaging.JPEG, Width: 8000, Height: 6000}
		width, height := int(8000/reduction), int(6000/reduction)
		shrink, _ := imaging.ShrinkOnLoad(header, width, height)
		if left := reduction / float64(shrink); left < least[shrink] || left >= most[shrink] {
			t.Errorf("reduced %.2f times, %d of it while decoding: %.2f left", reduction, shrink, left)
		}
	}
	for kind, want := range map[imaging.Type]float64{imaging.WebP: 0.25, imaging.SVG: 0.25, imaging.PNG: 1} {
		header := imaging.Header{Type: kind, Width: 800, Height: 600}
		if shrink, scale := imaging.ShrinkOnLoad(header, 200, 150); shrink != 1 || scale != want {
			t.Errorf("%s: shrink %d, scale %v, want 1 and %v", kind, shrink, scale, want)
		}
	}
}
