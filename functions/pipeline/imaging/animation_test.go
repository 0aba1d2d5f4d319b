package imaging_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// timing is how an animation plays; loop as originals.json has it: how often, 0 for ever.
type timing struct {
	Frames int
	Delays []int // ms
	Loop   int
}

// timingOf reads an animation's timing, a GIF's by Go's own decoder.
func timingOf(t testing.TB, data []byte) timing {
	t.Helper()
	var found timing
	if bytes.HasPrefix(data, []byte("GIF")) {
		decoded, err := gif.DecodeAll(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("reading a GIF back: %v", err)
		}
		found.Frames = len(decoded.Image)
		for _, hundredths := range decoded.Delay {
			found.Delays = append(found.Delays, hundredths*10)
		}
		// Go's count is that of the repeats, -1 where there is none.
		if found.Loop = decoded.LoopCount; found.Loop != 0 {
			found.Loop = max(found.Loop, 0) + 1
		}
		return found
	}
	riff := chunks(t, data)
	for _, frame := range find(riff, "ANMF") {
		found.Frames++
		found.Delays = append(found.Delays, int(binary.LittleEndian.Uint32(frame[12:])&0xffffff))
	}
	for _, body := range find(riff, "ANIM") {
		found.Loop = int(binary.LittleEndian.Uint16(body[4:]))
	}
	return found
}

// TestAnimation: frames, delays and the loop count stay from and to either format, resized and cropped.
func TestAnimation(t *testing.T) {
	for _, r := range table(t, "originals") {
		if r.Frames == 1 {
			continue
		}
		want := timing{r.Frames, r.Delays, r.Loop}
		for _, format := range []preset.Format{preset.Original, preset.GIF, preset.WebP} {
			p := box(150, 150, preset.Cover)
			p.Format, p.Animated, p.Effort = format, preset.Keep, preset.NoEffort
			t.Run(fmt.Sprintf("%s to %s", r.File, format), func(t *testing.T) {
				if diff := cmp.Diff(want, timingOf(t, once(t, r.read(t), p).Data)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestFirstFrame: a preset that wants the first frame, and a format that has only one, get the first.
func TestFirstFrame(t *testing.T) {
	first, keep := box(160, 120, preset.Inside), box(160, 120, preset.Inside)
	first.Format, first.Lossless, keep.Animated = preset.WebP, true, preset.Keep
	for _, file := range []string{"formats/gif-animated.gif", "formats/webp-animated.webp"} {
		for _, format := range []preset.Format{preset.JPEG, preset.PNG, preset.AVIF, preset.WebP} {
			t.Run(fmt.Sprintf("%s to %s", file, format), func(t *testing.T) {
				p, all := keep, keep
				if p.Format = format; format == preset.WebP {
					p = first
				}
				all.Format = preset.GIF
				// Decoded beside a preset that keeps every frame, and alone.
				data := rowOf(t, file).read(t)
				together, alone := decode(t, data, []preset.Preset{p, all}), decode(t, data, []preset.Preset{p})
				want := fromPNG(t, render(t, together.Frame(0), keep).Data)
				for name, variant := range map[string][]byte{
					"together": render(t, together, p).Data, "alone": render(t, alone, p).Data,
				} {
					if got := factsOf(probe(t, variant)); got.Frames != 1 {
						t.Errorf("%s: %d frames", name, got.Frames)
					}
					if mean, _ := difference(pixelsOf(t, variant), want); mean > 3 {
						t.Errorf("%s: mean difference %.2f from the first frame", name, mean)
					}
				}
			})
		}
	}
}

// TestNoBleeding resizes an animation, and each of its frames alone, put together by Go's own decoder: both are the
// same, so nothing of a frame's edge comes from its neighbours.
func TestNoBleeding(t *testing.T) {
	for _, file := range []string{"formats/gif-animated.gif", "formats/gif-disposal.gif"} {
		t.Run(file, func(t *testing.T) {
			data := rowOf(t, file).read(t)
			p := box(111, 83, preset.Fill)
			p.Format, p.Lossless, p.Animated, p.Effort = preset.WebP, true, preset.Keep, 0
			variant := decodeFrames(t, once(t, data, p).Data)
			for i, frame := range composed(t, data) {
				alone := box(111, 83, preset.Fill)
				got, want := frameOf(t, variant, i), fromPNG(t, once(t, asPNG(t, frame), alone).Data)
				for name, ground := range grounds {
					if mean, largest := difference(got.on(ground), want.on(ground)); largest > 2 {
						t.Errorf("frame %d on %s: mean difference %.3f, largest %.0f", i, name, mean, largest)
					}
				}
			}
		})
	}
}

// composed plays a GIF as the specification says: every frame as a person sees it.
func composed(t testing.TB, data []byte) []*image.NRGBA {
	t.Helper()
	decoded, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, decoded.Config.Width, decoded.Config.Height))
	var frames []*image.NRGBA
	for i, part := range decoded.Image {
		before := clone(canvas)
		draw.Draw(canvas, part.Bounds(), part, part.Bounds().Min, draw.Over)
		frames = append(frames, clone(canvas))
		switch decoded.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(canvas, part.Bounds(), image.Transparent, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			canvas = before
		}
	}
	return frames
}

func clone(img *image.NRGBA) *image.NRGBA {
	copied := *img
	copied.Pix = bytes.Clone(img.Pix)
	return &copied
}
