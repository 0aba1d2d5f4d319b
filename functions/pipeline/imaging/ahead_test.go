package imaging_test

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"runtime"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// onProcessors does something with as many processors as are said: with two, rows are read ahead by a thread of their own.
func onProcessors(n int, do func()) {
	before := runtime.GOMAXPROCS(n)
	defer runtime.GOMAXPROCS(before)
	do()
}

// longOriginals have more rows than are held at a time, in the formats that are read from top to bottom.
func longOriginals(t testing.TB) map[string][]byte {
	t.Helper()
	img := synthetic(203, 1201, func(x, y int) color.NRGBA { return zonePlate(x, y/3) })
	baseline := jpegTurned(t, img, 1)
	p := wholeImage()
	p.Format, p.Progressive = preset.JPEG, true
	return map[string][]byte{
		"jpeg": baseline, "progressive jpeg": once(t, baseline, p).Data, "png": asPNG(t, img),
		"translucent png": asPNG(t, synthetic(203, 1201, noise(true))), "turned jpeg": jpegTurned(t, img, 6),
	}
}

// TestAhead: read ahead or not, the bytes are the same.
func TestAhead(t *testing.T) {
	for name, data := range longOriginals(t) {
		for _, p := range []preset.Preset{wholeImage(), box(101, 599, preset.Fill), box(40, 40, preset.Cover), box(1, 1, preset.Fill)} {
			t.Run(fmt.Sprintf("%s to %d x %d", name, p.Width, p.Height), func(t *testing.T) {
				var one, two []byte
				onProcessors(1, func() { one = once(t, data, p).Data })
				onProcessors(2, func() { two = once(t, data, p).Data })
				if !bytes.Equal(one, two) {
					t.Error("the bytes differ")
				}
			})
		}
	}
}

// TestAheadTruncated: a file that ends too soon fails alike, wherever it ends, and nothing of it stays.
func TestAheadTruncated(t *testing.T) {
	for name, data := range longOriginals(t) {
		for _, share := range []int{30, 50, 75, 90, 99} {
			t.Run(fmt.Sprintf("%d %% of a %s", share, name), func(t *testing.T) {
				cut, p := data[:len(data)*share/100], box(50, 300, preset.Fill)
				fails := func() (reason imaging.Reason) {
					header, err := imaging.Probe(cut, defaultConfig(t).Limits, false)
					if err != nil {
						return reasonOf(err)
					}
					before := imaging.InUse()
					master, err := imaging.Decode(context.Background(), cut, header, []preset.Preset{p})
					if err == nil {
						master.Close()
					}
					if after, leak := leaked(before); leak {
						t.Errorf("libvips holds %+v, before %+v", after, before)
					}
					return reasonOf(err)
				}
				for _, n := range []int{1, 2} {
					onProcessors(n, func() {
						if got := fails(); got != imaging.Corrupt {
							t.Errorf("on %d processors: reason %q, want %q", n, got, imaging.Corrupt)
						}
					})
				}
			})
		}
	}
}
