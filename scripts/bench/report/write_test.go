package report_test

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/presize/presize/scripts/bench/report"
	"github.com/presize/presize/scripts/bench/result"
)

func written(t *testing.T, run *result.Run) string {
	t.Helper()
	out := &strings.Builder{}
	if err := report.Write(out, run); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// section is what stands below a title.
func section(t *testing.T, all, title string) []string {
	t.Helper()
	_, after, ok := strings.Cut(all, "\n"+title+"\n")
	if !ok {
		t.Fatalf("no table %q in\n%s", title, all)
	}
	body, _, _ := strings.Cut(after, "\n\n")
	return strings.Split(body, "\n")
}

// row is the fields of the line that begins with a word.
func row(t *testing.T, lines []string, first string) []string {
	t.Helper()
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, first+" ") })
	if i < 0 {
		t.Fatalf("no row %q in\n%s", first, strings.Join(lines, "\n"))
	}
	return strings.Fields(strings.TrimPrefix(lines[i], first))
}

// TestWriteIsNarrow: 140 columns hold every line, and none ends in blanks.
func TestWriteIsNarrow(t *testing.T) {
	for line := range strings.Lines(written(t, madeUp())) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > 140 || line != strings.TrimRight(line, " ") {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

// TestWriteSaysAll: what every figure is of, what was left out, and why.
func TestWriteSaysAll(t *testing.T) {
	all := written(t, madeUp())
	ratios := section(t, all, "CPU, BY PRESIZE'S")
	for _, c := range []struct {
		first string
		want  string
	}{
		{"phone-12mp.jpg", "3.09 3.22 1.50 2.60 21.2 0.97"},
		{"photo.avif", "1.11 1.10 1.05 - - 0.99"},
		{"phone.heic", "- - - - - -"},
		{"geometric mean", "2.19 2.22 1.34 2.23 11.1 0.96"},
		{"over files", "10 10 10 7 7 10"},
	} {
		if got := strings.Join(row(t, ratios, c.first), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.first, got, c.want)
		}
	}
	words := strings.Join(strings.Fields(all), " ") // wherever lines are broken
	for _, want := range []string{
		" a: bimg, every file: thumbnail at WebP effort 4 b: ", " jimp cannot: jimp does not read avif ",
		"screenshot.png by blog, blog-parallel, sharp-once, bimg, jimp has no large (lossless: Presize 812345 bytes at SSIM 0.9990, the peer 400000 at 0.9801)",
		"AMD EPYC 7R13, 2 cores, 24 GiB", "libvips 8.18.7, go 1.26.1", "9 counted uploads", "1 HEAD, 1 GET, 4 PUT",
		"blog cannot: sharp does not read HEVC", "geometric mean over 2 files: CPU 2.98, wall 2.79, dollars 1.57",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if n := strings.Count(all, "thumbnail at WebP effort 4"); n != 1 {
		t.Errorf("what falls short in every file is said %d times", n)
	}
}

// TestShortInSome: what falls short in some files stands at these, and not at the contestant's name.
func TestShortInSome(t *testing.T) {
	run := madeUp()
	for i := range run.Cells {
		if c := &run.Cells[i]; c.File == "cat.jpg" && c.Contestant == "bimg" {
			c.Short += "; small is blurred"
		}
	}
	lines := section(t, written(t, run), "CPU, MS AN UPLOAD")
	i := slices.Index(lines, "c: bimg: small is blurred")
	if i < 0 || !strings.Contains(strings.Join(row(t, lines, "cat.jpg"), " "), " c ") {
		t.Errorf("the footnote, or its mark at cat.jpg, is missing in\n%s", strings.Join(lines, "\n"))
	}
	if slices.ContainsFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "phone-12mp.jpg") && strings.Contains(line, " c ")
	}) {
		t.Errorf("the mark stands at another file in\n%s", strings.Join(lines, "\n"))
	}
}

// TestWriteOfNothing: a run with nothing in it is no reason to fail, nor to claim that anything was met.
func TestWriteOfNothing(t *testing.T) {
	if all := written(t, &result.Run{}); strings.Contains(all, " met ") || !strings.Contains(all, report.NotMeasured) || strings.Contains(all, "NaN") {
		t.Errorf("of nothing:\n%s", all)
	}
	if err := report.Chart(filepath.Join(t.TempDir(), "chart.png"), &result.Run{}); err == nil {
		t.Error("a chart of nothing")
	}
}

// TestMarkdown has the targets, the ratios, and where they were measured.
func TestMarkdown(t *testing.T) {
	out := &strings.Builder{}
	if err := report.Markdown(out, madeUp()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| phone-12mp.jpg | 172 | 3.09 | 3.22 | 1.50 | 2.60 | 21.2 | 0.97 |\n", "| over files |  | 10 |", "| NOT met |\n", "sharp 0.35.5", "AMD EPYC",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// chart draws and reads back. PRESIZE_CHART=folder keeps it there for a person to look at.
func chart(t *testing.T, name string, run *result.Run) image.Image {
	t.Helper()
	folder := os.Getenv("PRESIZE_CHART")
	if folder == "" {
		folder = t.TempDir()
	}
	path := filepath.Join(folder, name)
	if err := report.Chart(path, run); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// longest counts the pixels of a colour on the line that has most of it, below the legend.
func longest(img image.Image, r, g, b uint32) int {
	most := 0
	for y := 200; y < img.Bounds().Dy(); y++ {
		n := 0
		for x := range img.Bounds().Dx() {
			if cr, cg, cb, _ := img.At(x, y).RGBA(); cr>>8 == r && cg>>8 == g && cb>>8 == b {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// TestChart: bars are as long as the logarithm of what they stand for.
func TestChart(t *testing.T) {
	run := madeUp()
	img := chart(t, "made-up.png", run)
	if got := img.Bounds().Dx(); got != 1800 {
		t.Errorf("%d pixels wide, want 1800: twice the 900 that README shows", got)
	}
	run.Files, run.Rounds = run.Files[:1], 9 // 3.09, 1.50 and 2.60 times Presize's
	img = chart(t, "one-file.png", run)
	blog, once := longest(img, 0xd5, 0x5e, 0x00), longest(img, 0x00, 0x72, 0xb2)
	if ratio := float64(blog) / float64(once); ratio < 2.65 || ratio > 2.92 { // log 3.09 / log 1.50 = 2.78
		t.Errorf("bars of %d and %d pixels: one is %.2f times the other, want 2.78", blog, once, ratio)
	}
}
