package imaging_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// TestFidelity holds every default variant, saved losslessly, against a full-precision Lanczos reduction of the whole
// original: SSIM 0.98 or better.
func TestFidelity(t *testing.T) {
	photos := []string{
		bimgFile(t, "test_exif_full.jpg"), bimgFile(t, "vertical.jpg"), bimgFile(t, "northern_cardinal_bird.jpg"),
		bimgFile(t, "test_exif.jpg"), bimgFile(t, "test.jpg"), bimgFile(t, "test_icc_prophoto.jpg"),
		bimgFile(t, "test.heic"), bimgFile(t, "vertical.webp"), bimgFile(t, "test.avif"),
		original("photos/dandelion.jpg"), original("photos/cat.jpg"), original("photos/coffee.jpg"),
	}
	for _, path := range photos {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if header := probe(t, data); raceDetector && header.Width*header.Height > 2_000_000 {
				t.Skip("the reference takes minutes under the race detector, and shares nothing; this runs without it")
			}
			presets := losslessDefaults(t)
			master := decode(t, data, presets)
			whole := fromPNG(t, render(t, decode(t, data, []preset.Preset{wholeImage()}), wholeImage()).Data)
			for _, p := range presets {
				got := fromPNG(t, render(t, master, p).Data)
				g := imaging.Plan(p, whole.width, whole.height)
				want := whole.lanczos(g.Width, g.Height)
				if g.Crop.Width > 0 {
					want = want.crop(g.Crop.Left, g.Crop.Top, g.Crop.Width, g.Crop.Height)
				}
				similarity := ssim(got, want)
				t.Logf("%-9s %4d x %4d  SSIM %.4f", p.Name, got.width, got.height, similarity)
				if similarity < 0.98 {
					t.Errorf("%s: SSIM %.4f, want at least 0.98", p.Name, similarity)
				}
			}
		})
	}
}

// TestNoRing holds transparent logos, resized and laid on several colours, against the full-precision reduction of
// premultiplied pixels laid on the same. Straight alpha would let the hidden colour under clear pixels, which is the
// opposite of the logo's, shine through along every edge.
func TestNoRing(t *testing.T) {
	files := []string{
		original("logos/white.png"), original("logos/dark.png"), original("logos/white-on-clear.webp"),
		original("logos/dark-on-clear.webp"), bimgFile(t, "transparent.png"),
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		presets := losslessDefaults(t)
		master := decode(t, data, presets)
		whole := fromPNG(t, render(t, decode(t, data, []preset.Preset{wholeImage()}), wholeImage()).Data)
		for _, p := range presets {
			got := fromPNG(t, render(t, master, p).Data)
			g := imaging.Plan(p, whole.width, whole.height)
			want := whole.lanczos(g.Width, g.Height)
			if g.Crop.Width > 0 {
				want = want.crop(g.Crop.Left, g.Crop.Top, g.Crop.Width, g.Crop.Height)
			}
			for name, ground := range grounds {
				t.Run(fmt.Sprintf("%s %s on %s", filepath.Base(path), p.Name, name), func(t *testing.T) {
					mean, largest := difference(got.on(ground), want.on(ground))
					t.Logf("mean difference %.3f, largest %.0f of 255", mean, largest)
					if mean > 1.0 || largest > 48 {
						t.Errorf("mean difference %.3f, largest %.0f of 255; want at most 1 and 48", mean, largest)
					}
				})
			}
		}
	}
}
