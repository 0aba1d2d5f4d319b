package preset_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

const projectFile = "../../../presets.yaml"

// plain is a preset as the built-in defaults make it.
func plain(name string, change func(*preset.Preset)) preset.Preset {
	p := preset.Preset{
		Name: name, Fit: preset.Inside, Gravity: preset.Centre, Format: preset.Original, Quality: 80,
		Effort: preset.NoEffort, Chroma: preset.ChromaAuto, Animated: preset.Keep, Metadata: preset.MetadataNone,
	}
	if change != nil {
		change(&p)
	}
	return p
}

func load(t *testing.T, yaml string) *preset.Config {
	t.Helper()
	c, err := preset.Load("presets.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheProjectsOwnFile(t *testing.T) {
	got, err := preset.LoadFile(projectFile)
	if err != nil {
		t.Fatal(err)
	}
	cached := func(change func(*preset.Preset)) func(*preset.Preset) {
		return func(p *preset.Preset) { p.CacheControl = "public, max-age=31536000"; change(p) }
	}
	want := &preset.Config{
		Version: 1, Originals: "originals/", Resized: "resized/", Key: "{preset}/{dir}{name}.{ext}",
		Manifest: true, Limits: preset.Limits{MaxBytes: 100 << 20, MaxPixels: 100_000_000, MaxFrames: 1000},
		Presets: []preset.Preset{
			plain("small", cached(func(p *preset.Preset) { p.Width = 368 })),
			plain("medium", cached(func(p *preset.Preset) { p.Width = 720 })),
			plain("large", cached(func(p *preset.Preset) { p.Width = 1440 })),
			plain("thumbnail", cached(func(p *preset.Preset) {
				p.Width, p.Height, p.Fit, p.Format, p.Quality, p.Effort = 150, 150, preset.Cover, preset.WebP, 85, 6
			})),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("presets.yaml (-want +got):\n%s", diff)
	}
}

func TestLoadEveryField(t *testing.T) {
	c := load(t, `
version: 1
originals: up/loads/
resized: out/
key: "{dir}{preset}-{file}.{ext}"
svg: true
limits: {max_bytes: 50MB, max_pixels: 5000000, max_frames: 7}
presets:
  zebra:
    width: 16383
    height: 1
    fit: contain
    gravity: center
    format: jpg
    quality: 100
    progressive: true
    chroma: 4:4:4
    enlarge: true
    background: "#1aF"
    sharpen: 1.5
    blur: 2
    animated: first
    metadata: copyright
    cache_control: no-store
    match: "**/*.{jpg,jpeg}"
  apple: {height: 9, format: webp, effort: 0, lossless: true, background: "#01020380"}
`)
	want := &preset.Config{
		Version: 1, Originals: "up/loads/", Resized: "out/", Key: "{dir}{preset}-{file}.{ext}", SVG: true, Manifest: true,
		Limits: preset.Limits{MaxBytes: 50_000_000, MaxPixels: 5_000_000, MaxFrames: 7},
		Presets: []preset.Preset{
			{
				Name: "zebra", Width: 16383, Height: 1, Fit: preset.Contain, Gravity: preset.Centre, Format: preset.JPEG,
				Quality: 100, Effort: preset.NoEffort, Progressive: true, Chroma: preset.ChromaFull, Enlarge: true,
				Background: preset.Color{R: 0x11, G: 0xaa, B: 0xff, A: 255}, HasBackground: true, Sharpen: 1.5, Blur: 2,
				Animated: preset.First, Metadata: preset.MetadataCopyright, CacheControl: "no-store", Match: "**/*.{jpg,jpeg}",
			},
			plain("apple", func(p *preset.Preset) {
				p.Height, p.Format, p.Effort, p.Lossless = 9, preset.WebP, 0, true
				p.Background, p.HasBackground = preset.Color{R: 1, G: 2, B: 3, A: 128}, true
			}),
		},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "104857600": 100 << 20, "7B": 7, "2KB": 2000, "50MB": 50_000_000, "1 GB": 1_000_000_000, "3KiB": 3072,
		"100MiB": 100 << 20, "\"10GiB\"": 10 << 30,
	} {
		c := load(t, "limits: {max_bytes: "+text+"}\npresets: {a: {width: 1}}")
		if c.Limits.MaxBytes != want {
			t.Errorf("max_bytes %s: %d, want %d", text, c.Limits.MaxBytes, want)
		}
	}
}

func TestLoadFileErrors(t *testing.T) {
	if _, err := preset.LoadFile(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, []byte(strings.Repeat("# comment\n", 200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := preset.LoadFile(large); err == nil || !strings.Contains(err.Error(), "larger than 1048576 bytes (1 MiB)") {
		t.Errorf("a file of 2 MB: %v", err)
	}
}

func TestOnWhite(t *testing.T) {
	for _, tc := range []struct {
		name     string
		in, want preset.Color
	}{
		{"none", preset.Color{}, preset.Color{R: 255, G: 255, B: 255, A: 255}},
		{"opaque", preset.Color{R: 1, G: 2, B: 3, A: 255}, preset.Color{R: 1, G: 2, B: 3, A: 255}},
		{"half black", preset.Color{A: 128}, preset.Color{R: 127, G: 127, B: 127, A: 255}},
	} {
		if got := tc.in.OnWhite(); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
