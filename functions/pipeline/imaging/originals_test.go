package imaging_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// facts are what a header, a variant, or a table says of an image.
type facts struct {
	Type          string
	Width, Height int
	Frames        int
}

func factsOf(h imaging.Header) facts { return facts{string(h.Type), h.Width, h.Height, h.Frames} }

// TestOriginals probes every original of testdata and renders every default preset of it. What comes out is read back.
func TestOriginals(t *testing.T) {
	presets := defaultConfig(t).Presets
	for _, r := range append(table(t, "originals"), table(t, "svg")...) {
		t.Run(r.File, func(t *testing.T) {
			t.Parallel()
			data := r.read(t)
			header := probe(t, data)
			if diff := cmp.Diff(facts{string(r.Type), r.Width, r.Height, r.Frames}, factsOf(header)); diff != "" {
				t.Errorf("Probe (-want +got):\n%s", diff)
			}
			if header.Alpha != r.Alpha {
				t.Errorf("Probe: alpha %v, want %v", header.Alpha, r.Alpha)
			}
			master := decode(t, data, presets)
			if master.Header.Alpha && !r.Alpha {
				t.Error("something shows through an original without alpha")
			}
			for _, p := range presets {
				variant := render(t, master, p)
				want := expected(r, p, master.Header.Alpha)
				got := facts{string(variant.Format), variant.Width, variant.Height, variant.Frames}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", p.Name, diff)
				}
				if diff := cmp.Diff(want, factsOf(probe(t, variant.Data))); diff != "" {
					t.Errorf("%s: its bytes (-want +got):\n%s", p.Name, diff)
				}
				if want := "image/" + want.Type; variant.ContentType() != want {
					t.Errorf("%s: Content-Type %s, want %s", p.Name, variant.ContentType(), want)
				}
				if p.Name == "thumbnail" && r.Width >= 150 && r.Height >= 150 {
					if diff := cmp.Diff(facts{"webp", 150, 150, want.Frames}, got); diff != "" {
						t.Errorf("thumbnail (-want +got):\n%s", diff)
					}
				}
			}
		})
	}
}

// expected applies the rules of presets.yaml to an entry: browsers' formats stay, the others become JPEG, or WebP where
// something shows through; GIF and WebP keep frames.
func expected(r row, p preset.Preset, seeThrough bool) facts {
	width, height := imaging.Plan(p, r.Width, r.Height).Size()
	want := facts{Type: string(p.Format), Width: width, Height: height, Frames: 1}
	if p.Format == preset.Original {
		switch r.Type {
		case imaging.HEIC, imaging.TIFF, imaging.SVG:
			want.Type = "jpeg"
			if seeThrough {
				want.Type = "webp"
			}
		case imaging.JPEG, imaging.PNG, imaging.WebP, imaging.GIF, imaging.AVIF:
			want.Type = string(r.Type)
		}
	}
	if want.Type == "gif" || want.Type == "webp" {
		want.Frames = r.Frames
	}
	return want
}

// TestSVGNotAllowed: unless presets.yaml says otherwise, a drawing is a known type that is not rendered.
func TestSVGNotAllowed(t *testing.T) {
	rows := table(t, "svg")
	for _, r := range table(t, "bad") {
		if strings.HasSuffix(r.File, ".svg") {
			rows = append(rows, r)
		}
	}
	for _, r := range rows {
		t.Run(r.File, func(t *testing.T) {
			_, err := imaging.Probe(r.read(t), defaultConfig(t).Limits, false)
			if got := reasonOf(err); got != imaging.UnsupportedType {
				t.Errorf("reason %s, want %s", got, imaging.UnsupportedType)
			}
		})
	}
}

// TestOpaqueAlpha: an alpha channel that hides nothing does not keep a scan from being a JPEG.
func TestOpaqueAlpha(t *testing.T) {
	for name, want := range map[string]preset.Format{"opaque": preset.JPEG, "clear": preset.WebP} {
		t.Run(name, func(t *testing.T) {
			alpha := uint8(255)
			if name == "clear" {
				alpha = 254
			}
			p := wholeImage()
			data := rgbaTIFF(40, 30, [4]byte{200, 100, 50, alpha})
			if header := probe(t, data); !header.Alpha || header.Type != imaging.TIFF {
				t.Fatalf("Probe: %+v", header)
			}
			p.Format = preset.Original
			if got := once(t, data, p).Format; got != want {
				t.Errorf("it becomes %s, want %s", got, want)
			}
		})
	}
}

// rgbaTIFF writes a TIFF of one colour with straight alpha, which Go's PNG encoder would leave out where it is opaque.
func rgbaTIFF(width, height int, colour [4]byte) []byte {
	pixels := bytes.Repeat(colour[:], width*height)
	tags := [][3]uint32{ // tag, type (3: 16 bits, 4: 32 bits), value
		{256, 4, uint32(width)}, {257, 4, uint32(height)}, {258, 3, 0}, {259, 3, 1}, {262, 3, 2}, {273, 4, 0}, {277, 3, 4},
		{278, 4, uint32(height)}, {279, 4, uint32(len(pixels))}, {338, 3, 2},
	}
	depths := 8 + 2 + len(tags)*12 + 4
	tags[2][2], tags[5][2] = uint32(depths), uint32(depths)+8
	le := binary.LittleEndian
	out := le.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), uint16(len(tags)))
	for _, tag := range tags {
		count := uint32(1)
		if tag[0] == 258 {
			count = 4
		}
		out = le.AppendUint16(le.AppendUint16(out, uint16(tag[0])), uint16(tag[1]))
		out = le.AppendUint32(le.AppendUint32(out, count), tag[2])
	}
	out = append(out, 0, 0, 0, 0, 8, 0, 8, 0, 8, 0, 8, 0)
	return append(out, pixels...)
}
