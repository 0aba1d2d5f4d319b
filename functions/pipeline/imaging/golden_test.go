package imaging_test

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
)

var update = flag.Bool("update", false, "write testdata/golden instead of comparing with it")

// project is the project's root; failures are shown in a folder of it that git ignores.
var project = filepath.Join("..", "..", "..")

// goldens are originals, below testdata, and a preset of presets.yaml to render each by.
var goldens = []struct{ file, preset string }{
	{"originals/photos/cat.jpg", "small"},
	{"originals/photos/coffee.jpg", "thumbnail"},
	{"originals/phones/orientation-6.jpg", "small"},
	{"originals/phones/iphone.heic", "thumbnail"},
	{"originals/formats/jpeg-cmyk-profile.jpg", "small"},
	{"originals/formats/png-rgba.png", "thumbnail"},
	{"originals/formats/png-rgba-16-bit.png", "thumbnail"},
	{"originals/formats/avif-alpha.avif", "small"},
	{"originals/formats/gif-animated.gif", "thumbnail"},
	{"originals/formats/webp-animated-alpha.webp", "small"},
	{"originals/formats/tiff-fax.tif", "small"},
	{"originals/logos/white.png", "small"},
	{"svg/icon.svg", "small"},
}

// TestGolden holds variants against those in testdata/golden by what they look like: SSIM 0.99 or better, and a mean
// difference of 2 of 255 at most, in every frame on every ground. `go test -run TestGolden -update` writes them anew.
func TestGolden(t *testing.T) {
	presets := defaultConfig(t).Presets
	for _, g := range goldens {
		name := strings.TrimSuffix(filepath.Base(g.file), filepath.Ext(g.file)) + "-" + g.preset
		t.Run(name, func(t *testing.T) {
			master := decode(t, read(t, filepath.Join(testdata, filepath.FromSlash(g.file))), presets)
			for _, p := range presets {
				if p.Name != g.preset {
					continue
				}
				variant := render(t, master, p)
				path := filepath.Join(testdata, "golden", name+"."+variant.Format.Extension())
				if *update {
					write(t, path, variant.Data)
					continue
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatalf("no golden image (`go test -run TestGolden -update` writes it): %v", err)
				}
				alike(t, name, want, variant)
			}
		})
	}
}

func alike(t *testing.T, name string, golden []byte, variant imaging.Variant) {
	t.Helper()
	one, other := decodeFrames(t, golden), decodeFrames(t, variant.Data)
	if one.Header.Type != other.Header.Type || one.Header.Frames != other.Header.Frames {
		t.Fatalf("a %s of %d frames, want a %s of %d", other.Header.Type, other.Header.Frames, one.Header.Type, one.Header.Frames)
	}
	for i := range variant.Frames {
		want, got := frameOf(t, one, i), frameOf(t, other, i)
		if want.width != got.width || want.height != got.height {
			t.Fatalf("%d x %d pixels, want %d x %d", got.width, got.height, want.width, want.height)
		}
		for ground, c := range grounds {
			similarity := ssim(got.on(c), want.on(c))
			mean, _ := difference(got.on(c), want.on(c))
			if similarity < 0.99 || mean > 2 {
				t.Errorf("frame %d on %s: SSIM %.4f, mean difference %.2f; want at least 0.99 and at most 2; see %s",
					i, ground, similarity, mean, sideBySide(t, fmt.Sprintf("%s-%d", name, i), want.on(c), got.on(c)))
			}
		}
	}
}

// sideBySide writes what was wanted, what came and how they differ, and says where, from the project's root.
func sideBySide(t *testing.T, name string, want, got picture) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 3*want.width, want.height))
	for y := range want.height {
		for x := range want.width {
			a, b := want.at(x, y), got.at(x, y)
			differs := [4]int{3: 255}
			for k := range 3 {
				differs[k] = min(255, 8*int(math.Abs(float64(a[k]-b[k])))) // eight times as strong, to be seen
			}
			for i, c := range [][4]int{a, b, differs} {
				img.SetNRGBA(x+i*want.width, y, color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), uint8(c[3])})
			}
		}
	}
	path := filepath.Join(".cache", "golden-failures", name+".png")
	write(t, filepath.Join(project, path), asPNG(t, img))
	return path
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
