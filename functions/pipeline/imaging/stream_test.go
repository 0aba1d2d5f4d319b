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

// asJPEG has presets make JPEGs.
func asJPEG(presets ...preset.Preset) []preset.Preset {
	for i := range presets {
		presets[i].Format = preset.JPEG
	}
	return presets
}

// streaming are presets of which the first is rendered while an original of more than 400 x 400 pixels is decoded.
func streaming() []preset.Preset {
	cropped := box(60, 60, preset.Cover)
	cropped.Name, cropped.Format = "cropped", preset.WebP
	return append(asJPEG(inside(400), inside(220), inside(110)), cropped)
}

// longer is a drawing of 440 x 1210 pixels, more lines than are held at a time.
func longer(t testing.TB, alpha bool) []byte {
	t.Helper()
	return textured(t, 440, 1210, alpha)
}

// likeWhole renders presets both ways, and wants the same.
func likeWhole(t *testing.T, data []byte, presets []preset.Preset) {
	t.Helper()
	master, whole := decode(t, data, presets), decodeWhole(t, data, presets)
	for _, p := range presets {
		got, want := render(t, master, p), render(t, whole, p)
		if !bytes.Equal(got.Data, want.Data) {
			t.Errorf("%s: the bytes differ", p.Name)
		}
		got.Data, want.Data = nil, nil
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, want %+v", p.Name, got, want)
		}
	}
	got, err := master.Placeholder(context.Background())
	want, wantErr := whole.Placeholder(context.Background())
	if fmt.Sprint(got, err) != fmt.Sprint(want, wantErr) {
		t.Errorf("placeholder %v, %v, want %v, %v", got, err, want, wantErr)
	}
}

// TestStream: rendered while it is decoded or afterwards, a variant's bytes are the same, and so are the others'.
func TestStream(t *testing.T) {
	img := synthetic(440, 1210, func(x, y int) color.NRGBA { return zonePlate(x, y/3) })
	profile := embedded(t, read(t, original("phones/display-p3.jpg")))
	for name, data := range map[string][]byte{
		"jpeg": jpegTurned(t, img, 1), "png": longer(t, false), "display p3": managed(t, img, profile),
		"no reduction": asPNG(t, synthetic(400, 1100, zonePlate)), "wide": textured(t, 1300, 420, false),
		"turned": jpegTurned(t, img, 6), "alpha": longer(t, true),
		"exif and gps": rowOf(t, "phones/gps-artist-copyright.jpg").read(t), "photo": rowOf(t, "photos/dandelion.jpg").read(t),
		"broken profile": managed(t, img, profile[:200]), "extraneous bytes": extraneous(t),
	} {
		for _, n := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, %d processors", name, n), func(t *testing.T) {
				before := imaging.InUse()
				t.Cleanup(func() {
					if after, leak := leaked(before); leak {
						t.Errorf("libvips holds %+v, before %+v", after, before)
					}
				})
				onProcessors(n, func() { likeWhole(t, data, streaming()) })
			})
		}
	}
}

// TestStreamMetadata: a variant that is rendered while its original is decoded carries what its preset lets through.
func TestStreamMetadata(t *testing.T) {
	data := rowOf(t, "phones/gps-artist-copyright.jpg").read(t)
	for _, kept := range []preset.Metadata{preset.MetadataNone, preset.MetadataCopyright, preset.MetadataICC, preset.MetadataAll} {
		t.Run(string(kept), func(t *testing.T) {
			presets := streaming()
			presets[0].Metadata, presets[1].Metadata = kept, kept
			likeWhole(t, data, presets)
		})
	}
}

// TestStreamed: which presets and originals are rendered while they are decoded, and which are not.
func TestStreamed(t *testing.T) {
	one := func(change func(p *preset.Preset)) []preset.Preset {
		presets := streaming()
		change(&presets[0])
		return presets
	}
	plain, animated := longer(t, false), inside(50)
	animated.Format, animated.Animated = preset.WebP, preset.Keep
	for name, c := range map[string]struct {
		data    []byte
		presets []preset.Preset
		want    bool
	}{
		"as it should be":           {plain, streaming(), true},
		"in another order":          {plain, []preset.Preset{streaming()[3], streaming()[1], streaming()[2], streaming()[0]}, true},
		"the same twice":            {plain, append(streaming(), asJPEG(inside(400))...), true},
		"progressive":               {plain, one(func(p *preset.Preset) { p.Progressive = true }), true},
		"two of the largest size":   {plain, append(streaming(), inside(400)), false},
		"two levels":                {plain, append(streaming(), asJPEG(inside(300))...), false},
		"a crop from the master":    {plain, append(streaming(), box(200, 200, preset.Cover)), false},
		"an enlarged one":           {plain, append(streaming(), asJPEG(box(900, 1300, preset.Fill))...), false},
		"a placeholder from it":     {plain, asJPEG(inside(400), inside(60)), false},
		"nothing but the largest":   {plain, asJPEG(inside(400)), false},
		"PNG":                       {plain, one(func(p *preset.Preset) { p.Format = preset.PNG }), false},
		"WebP":                      {plain, one(func(p *preset.Preset) { p.Format = preset.WebP }), false},
		"sharpened":                 {plain, one(func(p *preset.Preset) { p.Sharpen = 1 }), false},
		"blurred":                   {plain, one(func(p *preset.Preset) { p.Blur = 1 }), false},
		"padded":                    {plain, one(func(p *preset.Preset) { p.Width, p.Height, p.Fit = 440, 1300, preset.Contain }), false},
		"a turned original":         {pngTurned(t, synthetic(1210, 440, zonePlate), 6), streaming(), false},
		"a transparent original":    {longer(t, true), streaming(), false},
		"an original of several":    {rowOf(t, "formats/gif-animated.gif").read(t), append(streaming(), animated), false},
		"a first frame":             {rowOf(t, "formats/gif-animated.gif").read(t), streaming(), true},
		"a small original":          {textured(t, 100, 80, false), streaming(), false},
		"a grey original":           {rowOf(t, "formats/jpeg-grey.jpg").read(t), streaming(), false},
		"a profile of another kind": {managed(t, synthetic(440, 1210, zonePlate), brokenProfiles()["no red"]), streaming(), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := decode(t, c.data, c.presets).Streamed(); got != c.want {
				t.Errorf("rendered while it was decoded: %v, want %v", got, c.want)
			}
			likeWhole(t, c.data, c.presets)
		})
	}
}

// TestStreamProfiles: what is no profile, or not one of three curves and a matrix, comes out the same, too, or is refused alike.
func TestStreamProfiles(t *testing.T) {
	img := synthetic(440, 500, zonePlate)
	for name, profile := range brokenProfiles() {
		t.Run(name, func(t *testing.T) {
			data := managed(t, img, profile)
			whole, err := imaging.DecodeWhole(data, probe(t, data), streaming())
			if err == nil {
				whole.Close()
				likeWhole(t, data, streaming())
				return
			}
			_, got := imaging.Decode(context.Background(), data, probe(t, data), streaming())
			if fmt.Sprint(got) != fmt.Sprint(err) {
				t.Errorf("error %v, want %v", got, err)
			}
		})
	}
}

// TestStreamUnknown: what a master has no pixels for any more is refused, not enlarged.
func TestStreamUnknown(t *testing.T) {
	_, err := decode(t, longer(t, false), streaming()).Render(context.Background(), inside(380))
	if reasonOf(err) != imaging.EncodeFailed {
		t.Errorf("error %v, want reason %q", err, imaging.EncodeFailed)
	}
}

// TestStreamTruncated: a file that ends too soon is corrupt, wherever it ends, and nothing of it stays.
func TestStreamTruncated(t *testing.T) {
	img := synthetic(440, 1210, func(x, y int) color.NRGBA { return zonePlate(x, y/3) })
	for name, data := range map[string][]byte{"jpeg": jpegTurned(t, img, 1), "png": asPNG(t, img)} {
		for _, share := range []int{30, 75, 99} {
			for _, n := range []int{1, 2} {
				t.Run(fmt.Sprintf("%d %% of a %s on %d processors", share, name, n), func(t *testing.T) {
					cut := data[:len(data)*share/100]
					header := probe(t, cut)
					before := imaging.InUse()
					onProcessors(n, func() {
						master, err := imaging.Decode(context.Background(), cut, header, streaming())
						if err == nil {
							master.Close()
						}
						if got := reasonOf(err); got != imaging.Corrupt {
							t.Errorf("reason %q, want %q", got, imaging.Corrupt)
						}
					})
					if after, leak := leaked(before); leak {
						t.Errorf("libvips holds %+v, before %+v", after, before)
					}
				})
			}
		}
	}
}

// TestStreamSideBySide: while others encode AVIF, for which libvips starts more threads, nothing changes.
func TestStreamSideBySide(t *testing.T) {
	data, slow := longer(t, false), inside(400)
	slow.Format = preset.AVIF
	want := render(t, decodeWhole(t, data, streaming()), streaming()[0]).Data
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() { once(t, data, slow) })
		wait.Go(func() {
			for range 10 {
				master := decode(t, data, streaming())
				if got := render(t, master, streaming()[0]).Data; !master.Streamed() || !bytes.Equal(got, want) {
					t.Errorf("rendered while it was decoded: %v; the same bytes: %v", master.Streamed(), bytes.Equal(got, want))
				}
			}
		})
	}
	wait.Wait()
}
