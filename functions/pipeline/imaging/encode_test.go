package imaging_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// frameHeader is a JPEG's SOF segment: its marker, and the sampling factors of each component.
type frameHeader struct {
	Marker   string
	Sampling []string
}

func frameHeaderOf(t testing.TB, data []byte) frameHeader {
	t.Helper()
	for _, c := range segments(t, data) {
		if c.kind != "ffc0" && c.kind != "ffc1" && c.kind != "ffc2" {
			continue
		}
		found := frameHeader{Marker: c.kind}
		for i := range int(c.body[5]) {
			factors := c.body[6+3*i+1]
			found.Sampling = append(found.Sampling, fmt.Sprintf("%dx%d", factors>>4, factors&15))
		}
		return found
	}
	t.Fatal("no SOF segment")
	return frameHeader{}
}

// TestJPEG: baseline or progressive, the chroma asked for, one component for a grey original.
func TestJPEG(t *testing.T) {
	colour, grey := rowOf(t, "photos/coffee.jpg").read(t), rowOf(t, "formats/jpeg-grey.jpg").read(t)
	half, full := []string{"2x2", "1x1", "1x1"}, []string{"1x1", "1x1", "1x1"}
	cases := map[string]struct {
		data   []byte
		change func(*preset.Preset)
		want   frameHeader
	}{
		"default":               {colour, func(*preset.Preset) {}, frameHeader{"ffc0", half}},
		"progressive":           {colour, func(p *preset.Preset) { p.Progressive = true }, frameHeader{"ffc2", half}},
		"4:2:0 at quality 95":   {colour, func(p *preset.Preset) { p.Chroma, p.Quality = preset.ChromaHalf, 95 }, frameHeader{"ffc0", half}},
		"4:4:4 at quality 50":   {colour, func(p *preset.Preset) { p.Chroma, p.Quality = preset.ChromaFull, 50 }, frameHeader{"ffc0", full}},
		"auto at quality 90":    {colour, func(p *preset.Preset) { p.Quality = 90 }, frameHeader{"ffc0", full}},
		"auto at quality 89":    {colour, func(p *preset.Preset) { p.Quality = 89 }, frameHeader{"ffc0", half}},
		"grey":                  {grey, func(*preset.Preset) {}, frameHeader{"ffc0", []string{"1x1"}}},
		"grey on a grey ground": {grey, func(p *preset.Preset) { pad(p, preset.Color{R: 9, G: 9, B: 9, A: 255}) }, frameHeader{"ffc0", []string{"1x1"}}},
		"grey on a blue ground": {grey, func(p *preset.Preset) { pad(p, blueAt(255)) }, frameHeader{"ffc0", half}},
		"grey with a profile":   {grey, func(p *preset.Preset) { p.Metadata = preset.MetadataICC }, frameHeader{"ffc0", half}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := box(200, 200, preset.Inside)
			p.Format = preset.JPEG
			c.change(&p)
			if diff := cmp.Diff(c.want, frameHeaderOf(t, once(t, c.data, p).Data)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func pad(p *preset.Preset, c preset.Color) {
	p.Fit, p.Background, p.HasBackground = preset.Contain, c, true
}

// TestPNG: interlaced when progressive, one band for a grey original.
func TestPNG(t *testing.T) {
	const depth, colourType, interlace = 8, 9, 12 // in IHDR
	for name, c := range map[string]struct {
		file        string
		progressive bool
		want        [3]byte
	}{
		"colour":      {"formats/png-rgb.png", false, [3]byte{8, 2, 0}},
		"interlaced":  {"formats/png-rgb.png", true, [3]byte{8, 2, 1}},
		"alpha":       {"formats/png-rgba.png", false, [3]byte{8, 6, 0}},
		"16 bits":     {"formats/png-rgb-16-bit.png", false, [3]byte{8, 2, 0}},
		"grey":        {"formats/png-grey.png", false, [3]byte{8, 0, 0}},
		"grey, 1 bit": {"formats/png-1-bit.png", false, [3]byte{8, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			p := box(100, 100, preset.Inside)
			p.Progressive = c.progressive
			header := find(chunks(t, once(t, rowOf(t, c.file).read(t), p).Data), "IHDR")[0]
			if got := [3]byte{header[depth], header[colourType], header[interlace]}; got != c.want {
				t.Errorf("depth, colour type, interlace are %v, want %v", got, c.want)
			}
		})
	}
}

// TestQuality: more quality, more bytes, and closer to the original.
func TestQuality(t *testing.T) {
	data := rowOf(t, "photos/coffee.jpg").read(t)
	want := fromPNG(t, once(t, data, box(300, 300, preset.Inside)).Data)
	for _, format := range []preset.Format{preset.JPEG, preset.WebP, preset.AVIF} {
		t.Run(string(format), func(t *testing.T) {
			size, away := 0, 256.0
			for _, quality := range []int{1, 30, 60, 90, 100} {
				p := box(300, 300, preset.Inside)
				p.Format, p.Quality, p.Effort = format, quality, 2
				variant := once(t, data, p).Data
				mean, _ := difference(pixelsOf(t, variant), want)
				t.Logf("quality %3d: %6d bytes, mean difference %.2f", quality, len(variant), mean)
				if len(variant) <= size || mean >= away {
					t.Errorf("quality %d: %d bytes, %.2f away, after %d and %.2f", quality, len(variant), mean, size, away)
				}
				size, away = len(variant), mean
			}
		})
	}
}

// TestEffort: every encoder takes the whole of its scale, and what lies beyond it for another's.
func TestEffort(t *testing.T) {
	data := rowOf(t, "formats/png-rgba.png").read(t)
	for _, format := range []preset.Format{preset.JPEG, preset.PNG, preset.WebP, preset.AVIF, preset.GIF} {
		for _, effort := range []int{preset.NoEffort, 0, 1, 6, 9, 10} {
			t.Run(fmt.Sprintf("%s %d", format, effort), func(t *testing.T) {
				p := box(60, 60, preset.Inside)
				p.Format, p.Effort = format, effort
				if got := factsOf(probe(t, once(t, data, p).Data)); got.Type != string(format) {
					t.Errorf("%+v", got)
				}
			})
		}
	}
}

// TestLossless: WebP, AVIF and PNG give back every bit, of clear pixels what shows of them.
func TestLossless(t *testing.T) {
	for _, file := range []string{"photos/cat.jpg", "formats/png-rgba.png", "formats/webp-lossless-alpha.webp"} {
		data := rowOf(t, file).read(t)
		want := pixelsOf(t, data)
		for _, format := range []preset.Format{preset.WebP, preset.AVIF} {
			t.Run(fmt.Sprintf("%s to %s", file, format), func(t *testing.T) {
				p := wholeImage()
				p.Format, p.Lossless = format, true
				variant := once(t, data, p).Data
				got := pixelsOf(t, variant)
				for name, ground := range grounds {
					if _, largest := difference(got.on(ground), want.on(ground)); largest > 0.01 {
						t.Errorf("on %s: largest difference %.2f", name, largest)
					}
				}
				if p.Lossless = false; bytes.Equal(variant, once(t, data, p).Data) {
					t.Error("lossy, the bytes are the same")
				}
			})
		}
	}
}

// TestChromaOfAVIF: colour is kept whole where the preset says so.
func TestChromaOfAVIF(t *testing.T) {
	data := asPNG(t, synthetic(64, 64, checked))
	for chroma, want := range map[preset.Chroma]byte{preset.ChromaHalf: 0x0c, preset.ChromaFull: 0} {
		t.Run(string(chroma), func(t *testing.T) {
			p := wholeImage()
			p.Format, p.Chroma, p.Quality = preset.AVIF, chroma, 80
			// av1C's third byte holds the subsampling of either direction (AV1 in ISO base media, 2.3.3).
			if got := find(chunks(t, once(t, data, p).Data), "av1C")[0][2] & 0x0c; got != want {
				t.Errorf("subsampling bits %#x, want %#x", got, want)
			}
		})
	}
}
