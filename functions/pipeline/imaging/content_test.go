package imaging_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/png"
	"io"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// pixelBytes are what a PNG's pixels take, and the lines that they inflate to, each behind the number of its filter.
func pixelBytes(t testing.TB, data []byte) (packed int, lines []byte) {
	t.Helper()
	all := bytes.Join(find(chunks(t, data), "IDAT"), nil)
	unpacker, err := zlib.NewReader(bytes.NewReader(all))
	if err != nil {
		t.Fatal(err)
	}
	if lines, err = io.ReadAll(unpacker); err != nil {
		t.Fatal(err)
	}
	return len(all), lines
}

// deflated is how many bytes Go's own zlib makes of some at level 6.
func deflated(t testing.TB, lines []byte) int {
	t.Helper()
	var packed bytes.Buffer
	packer, err := zlib.NewWriterLevel(&packed, 6)
	if err != nil {
		t.Fatal(err)
	}
	packer.Write(lines)
	packer.Close()
	return packed.Len()
}

// plainLines are a PNG's pixels without a filter.
func plainLines(t testing.TB, data []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	for y := range height {
		lines = append(lines, 0)
		switch img := img.(type) {
		case *image.Gray:
			lines = append(lines, img.Pix[y*img.Stride:][:width]...)
		case *image.NRGBA:
			lines = append(lines, img.Pix[y*img.Stride:][:4*width]...)
		case *image.RGBA: // opaque
			for x := range width {
				lines = append(lines, img.Pix[y*img.Stride+4*x:][:3]...)
			}
		default:
			t.Fatalf("pixels of kind %T", img)
		}
	}
	return lines
}

// screenshot is windows of plain colours with lines of what looks like text.
func screenshot(x, y int) color.NRGBA {
	switch {
	case y < 24:
		return color.NRGBA{60, 63, 65, 255}
	case x < 90:
		return color.NRGBA{240, 240, 244, 255}
	case y%16 < 9 && x%320 < 290 && (x*7+x/6*31+y/16*57)%13 < 5 && (x+y)%3 > 0:
		return color.NRGBA{30, 30, 30, 255}
	}
	return color.NRGBA{255, 255, 255, 255}
}

// TestPNGFilter: what is chosen for the picture's content never makes it larger than no filter and level 6 would. What the
// filter does is told by one zlib, Go's, and what the level does by libvips', which takes the same filter at any.
func TestPNGFilter(t *testing.T) {
	originals := map[string][]byte{
		"screenshot": asPNG(t, synthetic(640, 400, screenshot)), "noise": asPNG(t, synthetic(200, 150, noise(false))),
		"gradient": asPNG(t, synthetic(255, 255, gradient)), "one colour": asPNG(t, synthetic(200, 200, solid(10, 200, 30, 255))),
	}
	for _, file := range []string{
		"photos/cat.jpg", "photos/coffee.jpg", "photos/astronaut.jpg", "photos/rocket.jpg", "logos/dark.png", "logos/white.png",
		"logos/dark-on-clear.webp", "formats/png-rgba.png", "formats/png-palette-8-bit.png", "formats/tiff-fax.tif", "formats/jpeg-grey.jpg",
	} {
		originals[file] = rowOf(t, file).read(t)
	}
	for name, data := range originals {
		for _, width := range []int{640, 368, 150} {
			t.Run(fmt.Sprintf("%s, %d", name, width), func(t *testing.T) {
				p := inside(width)
				p.Effort = preset.NoEffort
				variant := once(t, data, p).Data
				p.Effort = 6
				chosen, lines := pixelBytes(t, variant)
				slow, slowLines := pixelBytes(t, once(t, data, p).Data)
				if !bytes.Equal(lines, slowLines) {
					t.Fatal("the filter depends on the effort")
				}
				filter := float64(deflated(t, lines)) / float64(deflated(t, plainLines(t, variant)))
				level := float64(chosen) / float64(slow)
				t.Logf("filter %d: %.3f of the bytes, its level %.3f: %.3f", lines[0], filter, level, filter*level)
				if filter*level > 1.02 {
					t.Errorf("%.3f times as large as without a filter", filter*level)
				}
			})
		}
	}
}

// TestPNGFilterOfPhotos: filtered, photos are a tenth smaller at least.
func TestPNGFilterOfPhotos(t *testing.T) {
	for _, file := range []string{"photos/cat.jpg", "photos/coffee.jpg", "photos/astronaut.jpg"} {
		t.Run(file, func(t *testing.T) {
			p := inside(368)
			p.Effort = preset.NoEffort
			variant := once(t, rowOf(t, file).read(t), p).Data
			if plain := deflated(t, plainLines(t, variant)); len(variant)*10 > plain*9 {
				t.Errorf("%d bytes, %d without a filter", len(variant), plain)
			}
		})
	}
}

// TestWebPAlpha: however many values alpha has, every one comes back, at every effort.
func TestWebPAlpha(t *testing.T) {
	for _, values := range []int{2, 3, 100, 247, 248, 249, 255, 256} {
		at := noise(false)
		img := synthetic(71, 67, func(x, y int) color.NRGBA {
			c := at(x, y)
			c.R, c.G, c.B = uint8(x*3), uint8(y*3), 128
			c.A = uint8((x + 71*y) * 7 % values * 255 / (values - 1))
			return c
		})
		for _, effort := range []int{preset.NoEffort, 0, 4, 5, 6} {
			for _, quality := range []int{1, 80} {
				t.Run(fmt.Sprintf("%d values, effort %d, quality %d", values, effort, quality), func(t *testing.T) {
					p := wholeImage()
					p.Format, p.Effort, p.Quality = preset.WebP, effort, quality
					got := pixelsOf(t, once(t, asPNG(t, img), p).Data)
					for i := 3; i < len(img.Pix); i += 4 {
						if a := img.Pix[i]; got.pix[i] != float32(a) {
							t.Fatalf("alpha %d became %.0f", a, got.pix[i])
						}
					}
				})
			}
		}
	}
}

// paletted is a still GIF's picture of n colours, as different as can be.
func paletted(width, height, n int, at func(x, y int) int) *image.Paletted {
	colours := make(color.Palette, n)
	for i := range colours {
		colours[i] = color.RGBA{uint8(i * 255 / max(1, n-1)), uint8(i * 89), uint8(255 - i*37), 255}
	}
	img := image.NewPaletted(image.Rect(0, 0, width, height), colours)
	for i := range img.Pix {
		img.Pix[i] = uint8(at(i%width, i/width) % n)
	}
	return img
}

func asGIF(t testing.TB, animation *gif.GIF) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, animation); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wholeGIF keeps every pixel and frame.
func wholeGIF() preset.Preset {
	p := wholeImage()
	p.Format, p.Animated, p.Effort = preset.GIF, preset.Keep, preset.NoEffort
	return p
}

// samePlay fails unless a GIF plays the very pictures that another does.
func samePlay(t *testing.T, got, want []byte) {
	t.Helper()
	frames, others := composed(t, got), composed(t, want)
	if len(frames) != len(others) {
		t.Fatalf("%d frames, want %d", len(frames), len(others))
	}
	for i, frame := range frames {
		for name, ground := range grounds {
			a, b := fromImage(frame).on(ground), fromImage(others[i]).on(ground)
			if mean, largest := difference(a, b); largest > 0 {
				t.Errorf("frame %d on %s: mean difference %.3f, largest %.0f", i, name, mean, largest)
			}
		}
	}
}

// TestGIFWhole: a GIF that is not resized keeps its pixels, but for one colour of 256: libvips' own GIFs have 255.
func TestGIFWhole(t *testing.T) {
	for _, n := range []int{2, 3, 16, 128, 253, 254, 255, 256} {
		t.Run(fmt.Sprintf("%d colours", n), func(t *testing.T) {
			img := paletted(64, 48, n, func(x, y int) int { return x + 64*y })
			data := asGIF(t, &gif.GIF{Image: []*image.Paletted{img}, Delay: []int{0}})
			got := once(t, data, wholeGIF()).Data
			if n <= 255 {
				samePlay(t, got, data)
				return
			}
			if mean, largest := difference(pixelsOf(t, got), pixelsOf(t, data)); mean > 0.1 || largest > 16 {
				t.Errorf("mean difference %.3f, largest %.0f", mean, largest)
			}
		})
	}
}

// movingDot is an animation of n frames with a clear ground, whose frames are parts that replace or add.
func movingDot(n int, disposal byte) *gif.GIF {
	animation := &gif.GIF{Config: image.Config{Width: 60, Height: 40}}
	colours := append(color.Palette{color.Transparent}, palette.Plan9[:100]...)
	for i := range n {
		part := image.NewPaletted(image.Rect(3*i, 2*i, 3*i+20, 2*i+15), colours)
		for at := range part.Pix {
			part.Pix[at] = uint8((at/20 + at%20*i) % len(colours))
		}
		animation.Image = append(animation.Image, part)
		animation.Delay = append(animation.Delay, 5)
		animation.Disposal = append(animation.Disposal, disposal)
	}
	return animation
}

// TestGIFWholeAnimated: likewise, frame by frame, with what is clear.
func TestGIFWholeAnimated(t *testing.T) {
	for name, disposal := range map[string]byte{
		"stays": gif.DisposalNone, "cleared": gif.DisposalBackground, "as before": gif.DisposalPrevious,
	} {
		t.Run(name, func(t *testing.T) {
			data := asGIF(t, movingDot(6, disposal))
			samePlay(t, once(t, data, wholeGIF()).Data, data)
		})
	}
}

// TestGIFReduced: finding a palette anew costs little.
func TestGIFReduced(t *testing.T) {
	full := palette.Plan9
	photo := fromPNG(t, once(t, rowOf(t, "photos/coffee.jpg").read(t), inside(400)).Data)
	img := image.NewPaletted(image.Rect(0, 0, photo.width, photo.height), full)
	draw.FloydSteinberg.Draw(img, img.Rect, toImage(photo), image.Point{})
	for name, data := range map[string][]byte{
		"a photo": asGIF(t, &gif.GIF{Image: []*image.Paletted{img}, Delay: []int{0}}),
		"16 colours": asGIF(t, &gif.GIF{Delay: []int{0}, Image: []*image.Paletted{
			paletted(200, 160, 16, func(x, y int) int { return x/50 + y/40*4 }),
		}}),
		"testdata's": rowOf(t, "formats/gif-still.gif").read(t),
	} {
		t.Run(name, func(t *testing.T) {
			p := inside(100)
			want := fromPNG(t, once(t, data, p).Data)
			p.Format, p.Effort = preset.GIF, preset.NoEffort
			if similarity := ssim(pixelsOf(t, once(t, data, p).Data), want); similarity < 0.99 {
				t.Errorf("SSIM %.4f, want at least 0.99", similarity)
			}
		})
	}
}

// TestEffortTells: what a preset says of effort is obeyed.
func TestEffortTells(t *testing.T) {
	data := rowOf(t, "photos/coffee.jpg").read(t)
	translucent := textured(t, 90, 70, true)
	for name, c := range map[string]struct {
		data         []byte
		format       preset.Format
		least, other int
	}{
		"png of a photo": {data, preset.PNG, 1, 9}, "png of rings": {translucent, preset.PNG, 0, 6},
		"webp": {data, preset.WebP, 0, 6}, "webp, translucent": {translucent, preset.WebP, 3, 6},
		"avif": {data, preset.AVIF, 0, 4}, "gif": {data, preset.GIF, 1, 10},
	} {
		t.Run(name, func(t *testing.T) {
			p := inside(80)
			p.Format, p.Effort = c.format, c.least
			one := once(t, c.data, p).Data
			p.Effort = c.other
			if bytes.Equal(one, once(t, c.data, p).Data) {
				t.Error("the same bytes")
			}
		})
	}
}
