package imaging_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// tight are limits under which any input is done with in no time.
var tight = preset.Limits{MaxBytes: 256 << 10, MaxPixels: 400_000, MaxFrames: 8}

// seed adds the files of testdata that match a pattern, and are small enough to be changed with effect.
func seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(testdata, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds in %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) <= 64<<10 {
				f.Add(data)
			}
		}
	}
}

// within fails when a header is over the limits, or an error is not typed.
func within(t *testing.T, header imaging.Header, err error) bool {
	t.Helper()
	var refused *imaging.Error
	switch {
	case err != nil && !errors.As(err, &refused):
		t.Fatalf("an error without a reason: %v", err)
	case err != nil:
		return false
	case header.Width < 1 || header.Height < 1 || header.Frames < 1 || header.Frames > tight.MaxFrames,
		int64(header.Width)*int64(header.Height)*int64(header.Frames) > tight.MaxPixels:
		t.Fatalf("%+v is over the limits, or nothing", header)
	}
	return true
}

func FuzzProbe(f *testing.F) {
	seed(f, "originals/*/*", "svg/*", "bad/*")
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := imaging.Probe(data, tight, true)
		within(t, header, err)
	})
}

// FuzzDecode goes all the way, but for drawings and HEIC, which have targets of their own.
func FuzzDecode(f *testing.F) {
	seed(f, "originals/*/*.jpg", "originals/*/*.png", "originals/*/*.webp", "originals/*/*.gif", "originals/*/*.avif",
		"originals/*/*.tif", "bad/trunc*")
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := imaging.Probe(data, tight, false)
		if within(t, header, err) && header.Type != imaging.HEIC {
			whole(t, data, header)
		}
	})
}

func FuzzSVG(f *testing.F) {
	seed(f, "svg/*", "bad/*.svg")
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := imaging.Probe(data, tight, true)
		if within(t, header, err) && header.Type == imaging.SVG {
			whole(t, data, header)
		}
	})
}

// FuzzISO reads the tables of HEIC and AVIF; whatever they hold, they are done with before the pixels.
func FuzzISO(f *testing.F) {
	seed(f, "originals/*/*.heic", "originals/*/*.avif", "bad/*.heic", "bad/*.avif")
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("<")) {
			return
		}
		header, err := imaging.Probe(data, tight, false)
		within(t, header, err)
		if err == nil && header.Type == imaging.HEIC {
			total := 0
			for _, band := range imaging.Bands(data) {
				total += len(band)
			}
			if total > 300*len(data) {
				t.Errorf("%d bytes of bands from %d", total, len(data))
			}
		}
	})
}

// whole decodes and renders, small.
func whole(t *testing.T, data []byte, header imaging.Header) {
	t.Helper()
	p := box(32, 32, preset.Cover)
	p.Format, p.Animated, p.Effort = preset.WebP, preset.Keep, 0
	p.Metadata = preset.MetadataAll
	master, err := imaging.Decode(context.Background(), data, header, []preset.Preset{p})
	if err != nil {
		within(t, header, err)
		return
	}
	defer master.Close()
	variant, err := master.Render(context.Background(), p)
	if err != nil {
		t.Fatalf("decoded, but not rendered: %v", err)
	}
	if after := probe(t, variant.Data); after.Width != variant.Width || after.Height != variant.Height {
		t.Fatalf("%d x %d pixels, the variant says %d x %d", after.Width, after.Height, variant.Width, variant.Height)
	}
}
