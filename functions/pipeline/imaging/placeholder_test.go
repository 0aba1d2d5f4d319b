package imaging_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/imaging/likeness"
	"github.com/presize/presize/functions/pipeline/preset"
)

// TestPlaceholder holds decoded hashes against the whole original, reduced to as many pixels at full precision and then
// blurred until no more is left of it than a hash has room for.
func TestPlaceholder(t *testing.T) {
	files := []string{
		bimgFile(t, "northern_cardinal_bird.jpg"), bimgFile(t, "test.jpg"), bimgFile(t, "transparent.png"), bimgFile(t, "test.avif"),
	}
	for _, file := range []string{
		"photos/astronaut.jpg", "photos/cat.jpg", "photos/coffee.jpg", "photos/dandelion.jpg", "photos/rocket.jpg",
		"phones/orientation-6.jpg", "phones/iphone.heic", "phones/display-p3.jpg", "logos/white.png", "logos/dark.png",
		"formats/png-rgba.png", "formats/avif-alpha.avif", "formats/gif-transparent.gif", "formats/png-rgba-16-bit.png",
		"formats/webp-animated-alpha.webp", "formats/tiff-big-endian-orientation-6.tif", "formats/odd-1x1.png",
	} {
		files = append(files, original(file))
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			whole := pixelsOf(t, data)
			got := parseThumb(placeholder(t, data).ThumbHash).draw()
			want := whole.lanczos(got.width, got.height)
			for ground, c := range grounds {
				a, b := got.on(c).blurred(), want.on(c).blurred()
				similarity := ssim(a, b)
				mean, _ := difference(a, b)
				t.Logf("on %s: SSIM %.3f, mean difference %.1f of 255", ground, similarity, mean)
				if similarity < 0.7 || mean > 12 {
					t.Errorf("on %s: SSIM %.3f, mean difference %.1f of 255; want at least 0.7 and at most 12; see %s",
						ground, similarity, mean, sideBySide(t, "placeholder-"+name+"-"+ground, want.on(c), got.on(c)))
				}
			}
		})
	}
}

// TestPlaceholderTells: of all photos a decoded hash is nearest to its own, by half.
func TestPlaceholderTells(t *testing.T) {
	files := []string{"astronaut.jpg", "cat.jpg", "coffee.jpg", "dandelion.jpg", "rocket.jpg"}
	shown, hashed := make([]picture, len(files)), make([]picture, len(files))
	for i, file := range files {
		data := rowOf(t, "photos/"+file).read(t)
		shown[i] = pixelsOf(t, data).lanczos(32, 32).blurred()
		hashed[i] = parseThumb(placeholder(t, data).ThumbHash).draw().lanczos(32, 32).blurred()
	}
	for i, file := range files {
		own, _ := difference(hashed[i], shown[i])
		for k := range files {
			if mean, _ := difference(hashed[i], shown[k]); k != i && mean < 2*own {
				t.Errorf("%s: mean difference %.1f of 255 from itself, %.1f from %s", file, own, mean, files[k])
			}
		}
	}
}

// blurred takes out of a picture, about 32 pixels wide, what is finer than the waves of a ThumbHash: a Gaussian of sigma
// 3.4, which is that of ssim five times over.
func (p picture) blurred() picture {
	out, plane := newPicture(p.width, p.height), make([]float64, p.width*p.height)
	for k := range 4 {
		for i := range plane {
			plane[i] = float64(p.pix[4*i+k])
		}
		for range 5 {
			plane = likeness.Smooth(plane, p.width, p.height)
		}
		for i, v := range plane {
			out.pix[4*i+k] = float32(v)
		}
	}
	return out
}

// TestPlaceholderShape: the hash has the original's shape, whatever the presets bend.
func TestPlaceholderShape(t *testing.T) {
	wide := box(400, 80, preset.Fill)
	for _, c := range []struct {
		name          string
		width, height int
		presets       []preset.Preset
		want          [2]int // of lightness frequencies
	}{
		{"landscape", 1400, 1000, defaultConfig(t).Presets, [2]int{7, 5}},
		{"portrait", 1000, 1400, defaultConfig(t).Presets, [2]int{5, 7}},
		{"square", 900, 900, defaultConfig(t).Presets, [2]int{7, 7}},
		{"a thumbnail only", 700, 500, []preset.Preset{box(40, 40, preset.Cover)}, [2]int{7, 5}},
		{"bent", 500, 700, []preset.Preset{wide}, [2]int{5, 7}},
		{"smaller than a hash", 14, 10, defaultConfig(t).Presets, [2]int{7, 5}},
		{"a line", 3000, 1, defaultConfig(t).Presets, [2]int{7, 1}},
		{"a standing line", 1, 3000, defaultConfig(t).Presets, [2]int{1, 7}},
		{"one pixel", 1, 1, defaultConfig(t).Presets, [2]int{7, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			master := decode(t, asPNG(t, synthetic(c.width, c.height, slope)), c.presets)
			across, down := parseThumb(placeholderOf(t, master).ThumbHash).sides()
			if diff := cmp.Diff(c.want, [2]int{across, down}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlaceholderFewPixels: what has fewer pixels than the hash has waves decodes to what it shows.
func TestPlaceholderFewPixels(t *testing.T) {
	blue, pink := [4]int{60, 80, 150, 255}, [4]int{190, 130, 150, 255}
	for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}, {3, 3}, {3, 1}, {1, 40}, {900, 1}, {4, 4}, {6, 2}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			img := synthetic(size[0], size[1], func(x, _ int) color.NRGBA {
				c := blue
				if 2*x >= size[0] && size[0] > 1 {
					c = pink
				}
				return color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), uint8(c[3])}
			})
			got := parseThumb(placeholder(t, asPNG(t, img)).ThumbHash).draw()
			left, right := got.at(0, got.height/2), got.at(got.width-1, got.height/2)
			want := pink
			if size[0] == 1 {
				want = blue
			}
			if !near(left, blue, 32) || !near(right, want, 32) {
				t.Errorf("%v on the left, %v on the right; want %v and %v", left, right, blue, want)
			}
		})
	}
}

// TestPlaceholderTransparent: the hash shows through where the original does, and nowhere else.
func TestPlaceholderTransparent(t *testing.T) {
	hole := func(x, y int) color.NRGBA {
		if math.Hypot(float64(x)-150, float64(y)-100) < 60 {
			return color.NRGBA{0, 255, 0, 0}
		}
		return color.NRGBA{200, 40, 90, 255}
	}
	p := parseThumb(placeholder(t, asPNG(t, synthetic(300, 200, hole))).ThumbHash).draw()
	if middle, corner := p.at(p.width/2, p.height/2), p.at(0, 0); middle[3] > 40 || !near(corner, [4]int{200, 40, 90, 255}, 16) {
		t.Errorf("%v in the hole, %v in the corner", middle, corner)
	}
	nothing := parseThumb(placeholder(t, asPNG(t, synthetic(50, 50, solid(9, 99, 199, 0)))).ThumbHash).draw()
	for i := 3; i < len(nothing.pix); i += 4 {
		if nothing.pix[i] != 0 {
			t.Fatalf("alpha %v where nothing shows", nothing.pix[i])
		}
	}
}

// TestPlaceholderFirstFrame: an animation's is its first frame's.
func TestPlaceholderFirstFrame(t *testing.T) {
	master := decodeFrames(t, rowOf(t, "formats/gif-animated.gif").read(t))
	got, first, second := placeholderOf(t, master), placeholderOf(t, master.Frame(0)), placeholderOf(t, master.Frame(1))
	if diff := cmp.Diff(first, got); diff != "" {
		t.Errorf("(-first frame +got):\n%s", diff)
	}
	if bytes.Equal(first.ThumbHash, second.ThumbHash) {
		t.Error("the second frame has the same: this tells nothing")
	}
}

// TestPlaceholderSideBySide: however many ask while presets are rendered, they get the same, and libvips keeps nothing.
func TestPlaceholderSideBySide(t *testing.T) {
	before := imaging.InUse()
	for _, file := range []string{"photos/cat.jpg", "formats/png-rgba.png", "formats/gif-animated.gif"} {
		t.Run(file, func(t *testing.T) {
			presets := defaultConfig(t).Presets
			master := decode(t, rowOf(t, file).read(t), presets)
			want := placeholderOf(t, master)
			var wait sync.WaitGroup
			for i := range 16 {
				wait.Go(func() {
					got, err := master.Placeholder(context.Background())
					if err != nil {
						t.Errorf("Placeholder: %v", err)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("(-alone +side by side):\n%s", diff)
					}
				})
				if i < len(presets) {
					wait.Go(func() {
						if _, err := master.Render(context.Background(), presets[i]); err != nil {
							t.Errorf("Render: %v", err)
						}
					})
				}
			}
			wait.Wait()
		})
	}
	if after, leak := leaked(before); leak {
		t.Errorf("libvips holds %+v, before %+v", after, before)
	}
}

// TestPlaceholderCancelled: a context that has ended stops before any work; it is no fault of the original.
func TestPlaceholderCancelled(t *testing.T) {
	master := decode(t, rowOf(t, "photos/cat.jpg").read(t), defaultConfig(t).Presets)
	_, err := master.Placeholder(&countdown{context.Background(), 0})
	var refused *imaging.Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &refused) {
		t.Errorf("%v, want context.Canceled alone", err)
	}
}
