package imaging_test

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"sync"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// inside is a preset of a width, named for it.
func inside(width int) preset.Preset {
	p := box(width, 0, preset.Inside)
	p.Name = fmt.Sprint(width)
	return p
}

// textured is a drawing with noise on it, in which a second reduction would show.
func textured(t testing.TB, width, height int, alpha bool) []byte {
	t.Helper()
	grain := noise(false)
	return asPNG(t, synthetic(width, height, func(x, y int) color.NRGBA {
		c, n := zonePlate(x, y), grain(x, y)
		c.R, c.G, c.B = c.R/4*3+n.R/4, c.G/4*3+n.G/4, c.B/4*3+n.B/4
		if alpha {
			c.A = uint8(x) | 1
		}
		return c
	}))
}

// orders are all orders of n things.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, order := range orders(n - 1) {
		for at := range n {
			longer := append(append(append([]int{}, order[:at]...), n-1), order[at:]...)
			all = append(all, longer)
		}
	}
	return all
}

// TestLevelsInAnyOrder: what a variant is made from depends on the presets, not on which of them came first, nor on who
// renders at the same time.
func TestLevelsInAnyOrder(t *testing.T) {
	cropped := box(40, 40, preset.Cover)
	cropped.Name = "cropped"
	presets := []preset.Preset{inside(300), inside(160), inside(80), cropped}
	for _, alpha := range []bool{false, true} {
		data := textured(t, 420, 300, alpha)
		want := map[string][]byte{}
		master := decode(t, data, presets)
		for _, p := range presets {
			want[p.Name] = render(t, master, p).Data
		}
		for _, order := range orders(len(presets)) {
			t.Run(fmt.Sprintf("alpha %v, %v", alpha, order), func(t *testing.T) {
				master, together := decode(t, data, presets), decode(t, data, presets)
				var wait sync.WaitGroup
				for _, i := range order {
					p := presets[i]
					if !bytes.Equal(render(t, master, p).Data, want[p.Name]) {
						t.Errorf("%s: the bytes differ", p.Name)
					}
					wait.Go(func() {
						got, err := together.Render(context.Background(), p)
						if err != nil || !bytes.Equal(got.Data, want[p.Name]) {
							t.Errorf("%s, side by side: the bytes differ (error %v)", p.Name, err)
						}
					})
				}
				wait.Wait()
			})
		}
	}
}

// TestLevelsHeadroom: a variant is made from a larger one where that is 1.75 times as large, and only there.
func TestLevelsHeadroom(t *testing.T) {
	data := textured(t, 600, 300, false)
	direct := once(t, data, inside(100)).Data
	for larger, fromLarger := range map[int]bool{101: false, 150: false, 174: false, 175: true, 180: true, 300: true} {
		t.Run(fmt.Sprint(larger), func(t *testing.T) {
			presets := []preset.Preset{wholeImage(), inside(larger), inside(100)}
			got := render(t, decode(t, data, presets), presets[2]).Data
			if differs := !bytes.Equal(got, direct); differs != fromLarger {
				t.Errorf("differs from what the master gives: %v, want %v", differs, fromLarger)
			}
		})
	}
}

// TestLevelsFidelity: beside whatever other presets, a variant is what it would be alone, to SSIM 0.998.
func TestLevelsFidelity(t *testing.T) {
	cropped := box(60, 60, preset.Cover)
	others := map[string][]preset.Preset{
		"the defaults": losslessDefaults(t), "hardly larger": {inside(176)}, "one after the other": {inside(330), inside(180)},
		"one master": {wholeImage(), inside(310), inside(177)},
	}
	for _, file := range []string{"photos/cat.jpg", "photos/coffee.jpg", "photos/dandelion.jpg", "photos/rocket.jpg"} {
		// A PNG: how much a JPEG's decoder reduces depends on the presets, too.
		data := once(t, rowOf(t, file).read(t), wholeImage()).Data
		for _, p := range []preset.Preset{inside(100), cropped} {
			alone := fromPNG(t, once(t, data, p).Data)
			for name, beside := range others {
				t.Run(fmt.Sprintf("%s, %s, beside %s", file, p.Name, name), func(t *testing.T) {
					presets := append([]preset.Preset{p}, beside...)
					got := fromPNG(t, render(t, decode(t, data, presets), p).Data)
					similarity := ssim(got, alone)
					t.Logf("SSIM %.5f", similarity)
					if similarity < 0.998 {
						t.Errorf("SSIM %.5f, want at least 0.998", similarity)
					}
				})
			}
		}
	}
}

// shareData says whether two variants are one.
func shareData(a, b imaging.Variant) bool { return &a.Data[0] == &b.Data[0] }

// TestShared: presets that come to the same for an original are one rendering; what tells in the bytes keeps them apart.
func TestShared(t *testing.T) {
	same := map[string]func(*preset.Preset){
		"name":             func(p *preset.Preset) { p.Name = "other" },
		"larger":           func(p *preset.Preset) { p.Width *= 2 },
		"one side":         func(p *preset.Preset) { p.Height = 0 },
		"cache control":    func(p *preset.Preset) { p.CacheControl = "no-store" },
		"match":            func(p *preset.Preset) { p.Match = "*" },
		"its own format":   func(p *preset.Preset) { p.Format = preset.Original },
		"gravity, no crop": func(p *preset.Preset) { p.Gravity = preset.East },
		"smart, no crop":   func(p *preset.Preset) { p.Gravity = preset.Smart },
		"cover of a shape": func(p *preset.Preset) { p.Fit, p.Width, p.Height = preset.Cover, 1000, 600 },
	}
	apart := map[string]func(*preset.Preset){
		"quality":     func(p *preset.Preset) { p.Quality = 30 },
		"effort":      func(p *preset.Preset) { p.Effort = 9 },
		"format":      func(p *preset.Preset) { p.Format = preset.WebP },
		"lossless":    func(p *preset.Preset) { p.Lossless = true },
		"progressive": func(p *preset.Preset) { p.Progressive = true },
		"chroma":      func(p *preset.Preset) { p.Chroma = preset.ChromaFull },
		"metadata":    func(p *preset.Preset) { p.Metadata = preset.MetadataICC },
		"background":  func(p *preset.Preset) { p.Background, p.HasBackground = blueAt(255), true },
		"sharpen":     func(p *preset.Preset) { p.Sharpen = 1 },
		"blur":        func(p *preset.Preset) { p.Blur = 1 },
		"smaller":     func(p *preset.Preset) { p.Width, p.Height = 50, 0 },
		"padded":      func(p *preset.Preset) { p.Fit = preset.Contain },
		"cropped":     func(p *preset.Preset) { p.Fit = preset.Cover },
		"enlarged":    func(p *preset.Preset) { p.Enlarge = true },
	}
	data := textured(t, 100, 60, true)
	pair := func(t *testing.T, change func(*preset.Preset)) (imaging.Variant, imaging.Variant) {
		presets := []preset.Preset{box(500, 500, preset.Inside), box(500, 500, preset.Inside)}
		change(&presets[1])
		master := decode(t, data, presets)
		one, other := render(t, master, presets[0]), render(t, master, presets[1])
		if alone := once(t, data, presets[1]); !bytes.Equal(alone.Data, other.Data) || alone.Format != other.Format {
			t.Error("not what it is alone")
		}
		return one, other
	}
	for name, change := range same {
		t.Run("same/"+name, func(t *testing.T) {
			if !shareData(pair(t, change)) {
				t.Error("rendered twice")
			}
		})
	}
	for name, change := range apart {
		t.Run("apart/"+name, func(t *testing.T) {
			if shareData(pair(t, change)) {
				t.Error("one rendering for both")
			}
		})
	}
	t.Run("apart/smart", func(t *testing.T) {
		centre := box(60, 60, preset.Cover)
		smart := centre
		smart.Gravity = preset.Smart
		master := decode(t, data, []preset.Preset{centre, smart})
		if shareData(render(t, master, centre), render(t, master, smart)) {
			t.Error("one rendering for both")
		}
	})
}

// TestSharedCancelled: who gives up does not spoil it for others that want the same.
func TestSharedCancelled(t *testing.T) {
	animated := box(900, 900, preset.Inside)
	animated.Format, animated.Animated, animated.Effort = preset.WebP, preset.Keep, 0
	for name, c := range map[string]struct {
		data   []byte
		preset preset.Preset
		asked  int // how often a context may be asked before it ends
	}{
		"before":         {textured(t, 100, 60, false), box(500, 500, preset.Inside), 0},
		"between frames": {rowOf(t, "formats/gif-animated.gif").read(t), animated, 2},
	} {
		t.Run(name, func(t *testing.T) {
			other := c.preset
			other.Name = "other"
			presets := []preset.Preset{c.preset, other}
			master := decode(t, c.data, presets)
			if _, err := master.Render(&countdown{context.Background(), c.asked}, presets[0]); err == nil {
				t.Fatal("no error though cancelled")
			}
			got, err := master.Render(context.Background(), presets[1])
			if err != nil {
				t.Fatalf("a live context got what a cancelled one did: %v", err)
			}
			if !bytes.Equal(got.Data, once(t, c.data, other).Data) {
				t.Error("not what it is alone")
			}
		})
	}
}

// TestOrder: the fewest pixels first, and where several are made at the same time the most before them; of equals the one
// that stands first.
func TestOrder(t *testing.T) {
	thumbnail := box(150, 150, preset.Cover)
	defaults := []preset.Preset{inside(368), inside(720), inside(1440), thumbnail}
	var many []preset.Preset // more than a sort leaves stable by chance
	for i := range 40 {
		many = append(many, inside(500-100*(i%2)))
	}
	var evenLast []int
	for i := range 40 {
		evenLast = append(evenLast, i*2%40+1-i/20)
	}
	as := func(format preset.Format, width int) preset.Preset {
		p := inside(width)
		p.Format, p.Animated = format, preset.Keep
		return p
	}
	gifs := []preset.Preset{as(preset.Original, 368), as(preset.Original, 720), as(preset.Original, 1440), thumbnail}
	animation := imaging.Header{Type: imaging.GIF, Width: 703, Height: 681, Frames: 24}
	photo, stamp := imaging.Header{Width: 4000, Height: 3000}, imaging.Header{Width: 100, Height: 80}
	for name, c := range map[string]struct {
		presets  []preset.Preset
		original imaging.Header
		atATime  int
		want     []int
	}{
		"one at a time":           {defaults, photo, 1, []int{3, 0, 1, 2}},
		"two at a time":           {defaults, photo, 2, []int{2, 3, 0, 1}},
		"many at a time":          {defaults, photo, 6, []int{2, 3, 0, 1}},
		"equals, one at a time":   {defaults, stamp, 1, []int{3, 0, 1, 2}},
		"equals, two at a time":   {defaults, stamp, 2, []int{2, 3, 0, 1}},
		"all equal":               {[]preset.Preset{inside(500), inside(400), inside(300)}, stamp, 1, []int{0, 1, 2}},
		"many equals":             {many, photo, 1, evenLast},
		"padding counts":          {[]preset.Preset{box(900, 900, preset.Contain), inside(500)}, stamp, 1, []int{1, 0}},
		"a preset, two at a time": {defaults[:1], photo, 2, []int{0}},
		"two, two at a time":      {defaults[:2], photo, 2, []int{1, 0}},
		"none":                    {nil, photo, 2, []int{}},
		"a GIF, one at a time":    {gifs, animation, 1, []int{3, 0, 1, 2}},
		// Small has the fewest pixels of GIFs, and takes longest: the others keep their palettes.
		"a GIF, two at a time": {gifs, animation, 2, []int{0, 3, 1, 2}},
		// 24 frames of WebP take longer than one of AVIF.
		"frames, two at a time": {[]preset.Preset{as(preset.AVIF, 150), as(preset.WebP, 150), as(preset.JPEG, 700)}, animation, 2,
			[]int{1, 0, 2}},
		"formats, two at a time": {[]preset.Preset{as(preset.JPEG, 720), as(preset.AVIF, 368)}, photo, 2, []int{1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := imaging.Order(c.presets, c.original, c.atATime); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
