package corpus_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/corpus"
	"github.com/presize/presize/scripts/bench/result"
)

func limits() preset.Limits {
	return preset.Limits{MaxBytes: 1 << 30, MaxPixels: 1 << 30, MaxFrames: 1000}
}

func create(t *testing.T, folder string, names ...string) []result.File {
	t.Helper()
	files, err := corpus.Make(t.Context(), folder, names, limits())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestDeterministic: what is derived comes out the same, byte for byte, in another folder.
func TestDeterministic(t *testing.T) {
	names := []string{"web-6mp.jpg", "avatar.jpg", "cutout-6mp.png"}
	first, second := create(t, t.TempDir(), names...), create(t, t.TempDir(), names...)
	for i := range first {
		a, err := os.ReadFile(first[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(second[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes, not the same ones", first[i].Name, len(a), len(b))
		}
	}
}

// TestMendsWhatIsBroken: a file that is no such original is made anew, one that is stays.
func TestMendsWhatIsBroken(t *testing.T) {
	folder := t.TempDir()
	want := create(t, folder, "avatar.jpg")
	path := filepath.Join(folder, "avatar.jpg")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:100], 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, create(t, folder, "avatar.jpg")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes, %v; want the %d there were", len(got), err, len(whole))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o200 == 0 {
		t.Errorf("%v, %v: not writable", info, err)
	}
}

func TestCutOut(t *testing.T) {
	file := create(t, t.TempDir(), "cutout-6mp.png")[0]
	data, err := os.ReadFile(file.Path)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at    image.Point
		alpha func(uint8) bool
	}{
		"corner":  {image.Pt(0, 0), func(a uint8) bool { return a == 0 }},
		"outside": {image.Pt(1000, 1500-902), func(a uint8) bool { return a == 0 }},
		"edge":    {image.Pt(1000, 1500-900), func(a uint8) bool { return a > 0 && a < 255 }},
		"inside":  {image.Pt(1000, 1500-898), func(a uint8) bool { return a == 255 }},
		"centre":  {image.Pt(1000, 1500), func(a uint8) bool { return a == 255 }},
	} {
		if got := color.NRGBAModel.Convert(cut.At(c.at.X, c.at.Y)).(color.NRGBA); !c.alpha(got.A) {
			t.Errorf("%s, %v: %v", name, c.at, got)
		}
	}
}

// TestProgressive: the two JPEGs of 14 megapixels differ in what sets them apart for a decoder, not in their pixels.
func TestProgressive(t *testing.T) {
	files := create(t, t.TempDir(), "photo-14mp.jpg", "photo-14mp-progressive.jpg")
	var pixels [2]image.Image
	for i, sof := range [][]byte{{0xff, 0xc0, 0, 17, 8}, {0xff, 0xc2, 0, 17, 8}} {
		data, err := os.ReadFile(files[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, sof) {
			t.Errorf("%s has no start of frame % x", files[i].Name, sof)
		}
		if pixels[i], err = jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := pixels[0].(*image.YCbCr), pixels[1].(*image.YCbCr); !bytes.Equal(a.Y, b.Y) || !bytes.Equal(a.Cb, b.Cb) {
		t.Error("their pixels differ")
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		glob string
		want []string
		bad  bool
	}{
		{"phone*", []string{"phone-12mp.jpg", "phone-12mp.heic"}, false},
		{"*.gif", []string{"animation.gif"}, false},
		{"nothing", nil, false},
		{"[", nil, true},
	} {
		got, err := corpus.Names(c.glob)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.bad {
			t.Errorf("%q: error %v (-want +got):\n%s", c.glob, err, diff)
		}
	}
}
