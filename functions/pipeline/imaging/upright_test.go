package imaging_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// orientationBlock is EXIF that says nothing but an orientation.
func orientationBlock(orientation int) []byte {
	be := binary.BigEndian
	block := be.AppendUint16([]byte("MM\x00*\x00\x00\x00\x08"), 1)
	block = be.AppendUint16(be.AppendUint16(block, 0x0112), 3)
	block = be.AppendUint16(be.AppendUint32(block, 1), uint16(orientation))
	return append(block, 0, 0, 0, 0, 0, 0)
}

// jpegTurned is a JPEG of an image that is to be turned.
func jpegTurned(t testing.TB, img image.Image, orientation int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00"), orientationBlock(orientation)...)
	head := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(exif)+2))
	return append(append(head, exif...), out.Bytes()[2:]...)
}

// pngTurned is a PNG of an image that is to be turned.
func pngTurned(t testing.TB, img image.Image, orientation int) []byte {
	t.Helper()
	return withChunk(asPNG(t, img), "eXIf", orientationBlock(orientation))
}

// withChunk puts a chunk behind a PNG's header.
func withChunk(data []byte, kind string, body []byte) []byte {
	const header = 8 + 12 + 13 // signature and IHDR
	chunk := append([]byte(kind), body...)
	out := binary.BigEndian.AppendUint32(bytes.Clone(data[:header]), uint32(len(body)))
	out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
	return append(out, data[header:]...)
}

// upright turns stored pixels as an orientation says: EXIF 2.32, 4.6.5. The comments say where the first line and the first
// column of what is stored are in what is seen.
func upright(p picture, orientation int) picture {
	width, height := p.width, p.height
	if orientation > 4 {
		width, height = height, width
	}
	out := newPicture(width, height)
	for y := range p.height {
		for x := range p.width {
			left, down := x, y
			switch orientation {
			case 2: // top, right
				left = p.width - 1 - x
			case 3: // bottom, right
				left, down = p.width-1-x, p.height-1-y
			case 4: // bottom, left
				down = p.height - 1 - y
			case 5: // left, top
				left, down = y, x
			case 6: // right, top
				left, down = p.height-1-y, x
			case 7: // right, bottom
				left, down = p.height-1-y, p.width-1-x
			case 8: // left, bottom
				left, down = y, p.width-1-x
			}
			copy(out.pix[4*(down*width+left):][:4], p.pix[4*(y*p.width+x):])
		}
	}
	return out
}

// TestUpright: an original that is to be turned gives the very pixels that it gives unturned, turned; with and without a
// reduction, which may come from the decoder.
func TestUpright(t *testing.T) {
	writers := map[string]func(testing.TB, image.Image, int) []byte{"jpeg": jpegTurned, "png": pngTurned}
	images := map[string]image.Image{
		"odd": synthetic(67, 41, noise(false)), "a multiple of nothing": synthetic(203, 101, zonePlate),
		"a line": synthetic(37, 1, noise(false)), "a column": synthetic(1, 37, noise(false)),
		"translucent": synthetic(67, 41, noise(true)),
	}
	for kind, write := range writers {
		for name, img := range images {
			if kind == "jpeg" && name == "translucent" {
				continue // it knows no alpha
			}
			width, height := img.Bounds().Dx(), img.Bounds().Dy()
			for _, factor := range []int{1, 2, 7} {
				toWidth, toHeight := (width+factor-1)/factor, (height+factor-1)/factor
				plain := fromPNG(t, once(t, write(t, img, 1), box(toWidth, toHeight, preset.Fill)).Data)
				for orientation := 1; orientation <= 8; orientation++ {
					t.Run(fmt.Sprintf("%s %s, %d times smaller, orientation %d", kind, name, factor, orientation), func(t *testing.T) {
						w, h := toWidth, toHeight
						if orientation > 4 {
							w, h = h, w
						}
						got := fromPNG(t, once(t, write(t, img, orientation), box(w, h, preset.Fill)).Data)
						same(t, got, upright(plain, orientation))
					})
				}
			}
		}
	}
}

// same fails unless two pictures are the same to the bit.
func same(t *testing.T, got, want picture) {
	t.Helper()
	if got.width != want.width || got.height != want.height {
		t.Fatalf("%d x %d pixels, want %d x %d", got.width, got.height, want.width, want.height)
	}
	if _, largest := difference(got, want); largest > 0 {
		t.Errorf("differs by up to %.0f", largest)
	}
}

// TestUprightCropped cuts out of what is turned: the gravity speaks of what is seen.
func TestUprightCropped(t *testing.T) {
	img := synthetic(121, 67, noise(false))
	for orientation := 1; orientation <= 8; orientation++ {
		turned := pngTurned(t, img, orientation)
		whole := asPNG(t, toImage(upright(fromImage(img), orientation)))
		for _, g := range gravities {
			t.Run(fmt.Sprintf("orientation %d, %s", orientation, g.gravity), func(t *testing.T) {
				p := box(23, 29, preset.Cover)
				p.Gravity = g.gravity
				presets := []preset.Preset{p, box(50, 50, preset.Inside)}
				got := fromPNG(t, render(t, decode(t, turned, presets), p).Data)
				want := fromPNG(t, render(t, decode(t, whole, presets), p).Data)
				// What is turned was reduced by columns first, what was upright by lines.
				if _, largest := difference(got, want); largest > 1 {
					t.Errorf("differs by up to %.0f", largest)
				}
			})
		}
	}
}

// toImage is the opposite of fromImage.
func toImage(p picture) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, p.width, p.height))
	for i, v := range p.pix {
		img.Pix[i] = uint8(v)
	}
	return img
}

// TestUprightPhones: the eight of testdata show one picture, reduced as well.
func TestUprightPhones(t *testing.T) {
	want := fromPNG(t, once(t, rowOf(t, "phones/orientation-1.jpg").read(t), box(100, 100, preset.Inside)).Data)
	for orientation := 2; orientation <= 8; orientation++ {
		t.Run(fmt.Sprint(orientation), func(t *testing.T) {
			data := rowOf(t, fmt.Sprintf("phones/orientation-%d.jpg", orientation)).read(t)
			got := fromPNG(t, once(t, data, box(100, 100, preset.Inside)).Data)
			if got.width != want.width || got.height != want.height {
				t.Fatalf("%d x %d pixels, want %d x %d", got.width, got.height, want.width, want.height)
			}
			if similarity := ssim(got, want); similarity < 0.99 {
				t.Errorf("SSIM %.4f, want at least 0.99", similarity)
			}
		})
	}
}
