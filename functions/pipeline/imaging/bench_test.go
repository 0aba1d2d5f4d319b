package imaging_test

import (
	"context"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// photo is what the stages are timed on: a name, with the size in megapixels, and the bytes.
type photo struct {
	name string
	data []byte
}

func photos(b *testing.B) []photo {
	b.Helper()
	return []photo{
		{"phone-12MP.jpg", read(b, bimgFile(b, "test_exif_full.jpg"))},
		{"camera-24MP.jpg", read(b, bimgFile(b, "vertical.jpg"))},
		{"camera-24MP.webp", read(b, bimgFile(b, "vertical.webp"))},
		{"phone-12MP.heic", read(b, bimgFile(b, "test.heic"))},
		{"logo-0.08MP.png", read(b, bimgFile(b, "transparent.png"))},
		{"wallpaper-6MP.jpg", read(b, original("photos/dandelion.jpg"))},
		{"animation-0.4MP.gif", read(b, original("formats/gif-animated.gif"))},
	}
}

func BenchmarkProbe(b *testing.B) {
	limits := defaultConfig(b).Limits
	for _, photo := range photos(b) {
		b.Run("photo="+photo.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := imaging.Probe(photo.data, limits, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecode includes the largest variant of an upright JPEG, which is encoded at the same time.
func BenchmarkDecode(b *testing.B) {
	presets := defaultConfig(b).Presets
	for _, photo := range photos(b) {
		header := probe(b, photo.data)
		b.Run("photo="+photo.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				master, err := imaging.Decode(context.Background(), photo.data, header, presets)
				if err != nil {
					b.Fatal(err)
				}
				master.Close()
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	presets := defaultConfig(b).Presets
	for _, photo := range photos(b) {
		for _, p := range presets {
			b.Run("photo="+photo.name+"/preset="+p.Name, func(b *testing.B) {
				master := decodeWhole(b, photo.data, presets)
				b.ReportAllocs()
				for b.Loop() {
					master.Forget(presets)
					render(b, master, p)
				}
			})
		}
	}
}

func BenchmarkPlaceholder(b *testing.B) {
	presets := defaultConfig(b).Presets
	for _, photo := range photos(b) {
		b.Run("photo="+photo.name, func(b *testing.B) {
			master := decodeWhole(b, photo.data, presets)
			b.ReportAllocs()
			for b.Loop() {
				master.Forget(presets)
				if _, err := master.Placeholder(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOriginal is everything but fetching and storing: probe, decode, and the default presets one after the other.
func BenchmarkOriginal(b *testing.B) {
	config := defaultConfig(b)
	for _, photo := range photos(b) {
		b.Run("photo="+photo.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				everything(b, photo.data, config)
			}
		})
	}
}

func everything(b *testing.B, data []byte, config *preset.Config) {
	b.Helper()
	header, err := imaging.Probe(data, config.Limits, config.SVG)
	if err != nil {
		b.Fatal(err)
	}
	master, err := imaging.Decode(context.Background(), data, header, config.Presets)
	if err != nil {
		b.Fatal(err)
	}
	defer master.Close()
	for _, p := range config.Presets {
		render(b, master, p)
	}
}
