package imaging_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// reasonFor takes an upload as far as it goes: probed, decoded, rendered.
func reasonFor(t testing.TB, data []byte, limits preset.Limits) imaging.Reason {
	t.Helper()
	header, err := imaging.Probe(data, limits, true)
	if err != nil {
		return reasonOf(err)
	}
	presets := defaultConfig(t).Presets
	master, err := imaging.Decode(context.Background(), data, header, presets)
	if err != nil {
		if master != nil {
			t.Error("Decode gave an error and a master")
		}
		return reasonOf(err)
	}
	defer master.Close()
	for _, p := range presets {
		if _, err := master.Render(context.Background(), p); err != nil {
			return reasonOf(err)
		}
	}
	return reasonOf(nil)
}

// TestBad: every bad upload ends with the reason that bad.json gives, and nothing of it stays in memory.
func TestBad(t *testing.T) {
	for _, r := range table(t, "bad") {
		t.Run(r.File, func(t *testing.T) {
			before := imaging.InUse()
			if got := reasonFor(t, r.read(t), defaultConfig(t).Limits); got != r.Reason {
				t.Errorf("reason %s, want %s", got, r.Reason)
			}
			if after, leak := leaked(before); leak {
				t.Errorf("libvips holds %+v, before %+v", after, before)
			}
		})
	}
}

// manyFrames is a GIF of 1 x 1 pixel and n frames, 15 bytes each.
func manyFrames(n int) []byte {
	head := "GIF89a\x01\x00\x01\x00\x80\x00\x00" + "\x00\x00\x00\xff\xff\xff"
	frame := "\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00" + "\x02\x02\x44\x01\x00"
	return []byte(head + strings.Repeat(frame, n) + "\x3b")
}

// TestLimits: each limit is refused by one more and passed by what just fits.
func TestLimits(t *testing.T) {
	roomy := preset.Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 20, MaxFrames: 100}
	still, animated := rowOf(t, "formats/png-rgb.png").read(t), rowOf(t, "formats/gif-animated.gif").read(t)
	cases := map[string]struct {
		data   []byte
		change func(*preset.Limits)
		want   imaging.Reason
	}{
		"bytes, just fits":      {still, func(l *preset.Limits) { l.MaxBytes = int64(len(still)) }, "no error"},
		"bytes, one too many":   {still, func(l *preset.Limits) { l.MaxBytes = int64(len(still)) - 1 }, imaging.TooLarge},
		"pixels, just fits":     {still, func(l *preset.Limits) { l.MaxPixels = 480 * 360 }, "no error"},
		"pixels, one too many":  {still, func(l *preset.Limits) { l.MaxPixels = 480*360 - 1 }, imaging.TooManyPixels},
		"pixels of all frames":  {animated, func(l *preset.Limits) { l.MaxPixels = 320*240*6 - 1 }, imaging.TooManyPixels},
		"all frames just fit":   {animated, func(l *preset.Limits) { l.MaxPixels = 320 * 240 * 6 }, "no error"},
		"frames, just fits":     {animated, func(l *preset.Limits) { l.MaxFrames = 6 }, "no error"},
		"frames, one too many":  {animated, func(l *preset.Limits) { l.MaxFrames = 5 }, imaging.TooManyFrames},
		"a hundred thousand":    {manyFrames(100_000), func(l *preset.Limits) { l.MaxBytes = 2 << 20 }, imaging.TooManyFrames},
		"a hundred, just fits":  {manyFrames(100), func(*preset.Limits) {}, "no error"},
		"a hundred and one":     {manyFrames(101), func(*preset.Limits) {}, imaging.TooManyFrames},
		"frames of a WebP":      {webpFrames(t), func(l *preset.Limits) { l.MaxFrames = 5 }, imaging.TooManyFrames},
		"nothing but a GIF tag": {[]byte("GIF89a"), func(*preset.Limits) {}, imaging.Corrupt},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			limits := roomy
			c.change(&limits)
			_, err := imaging.Probe(c.data, limits, true)
			if got := reasonOf(err); got != c.want {
				t.Errorf("reason %s (%v), want %s", got, err, c.want)
			}
		})
	}
}

func webpFrames(t testing.TB) []byte {
	t.Helper()
	return rowOf(t, "formats/webp-animated.webp").read(t)
}

// TestErrors: an error's text begins with its reason, and what is behind it can be asked for.
func TestErrors(t *testing.T) {
	_, err := imaging.Probe(nil, preset.Limits{}, false)
	if !strings.HasPrefix(err.Error(), string(imaging.Empty)) || errors.Unwrap(err) == nil {
		t.Errorf("%v: want the reason first, and an error behind it", err)
	}
}

// TestTruncated cuts every kind of original at several places: no cut is shown as a picture.
func TestTruncated(t *testing.T) {
	for _, file := range []string{
		"formats/jpeg-444.jpg", "formats/jpeg-progressive.jpg", "formats/png-rgb.png", "formats/png-rgb-interlaced.png",
		"formats/webp-lossy.webp", "formats/webp-animated.webp", "formats/gif-animated.gif", "formats/avif-8-bit.avif",
		"formats/tiff-lzw.tif", "formats/tiff-rgb.tif", "phones/plain.heic", "phones/iphone.heic",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			data := rowOf(t, file).read(t)
			for _, tenth := range []int{0, 1, 3, 5, 7, 9} {
				cut := data[:16+(len(data)-32)*tenth/10]
				if got := reasonFor(t, cut, defaultConfig(t).Limits); got != imaging.Corrupt {
					t.Errorf("cut to %d of %d bytes: reason %s, want %s", len(cut), len(data), got, imaging.Corrupt)
				}
			}
		})
	}
}
