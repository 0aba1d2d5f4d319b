package imaging_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// TestRenderSideBySide: whoever renders at the same time, the bytes are the same.
func TestRenderSideBySide(t *testing.T) {
	for _, file := range []string{"photos/cat.jpg", "formats/png-rgba.png", "formats/gif-animated.gif", "phones/iphone.heic"} {
		t.Run(file, func(t *testing.T) {
			presets := defaultConfig(t).Presets
			presets = append(presets, box(120, 300, preset.Fill), box(90, 90, preset.Contain))
			presets[len(presets)-1].Sharpen, presets[len(presets)-2].Blur = 1, 1
			data := rowOf(t, file).read(t)
			alone, shared := decode(t, data, presets), decode(t, data, presets)
			want := map[string][]byte{}
			for i := range presets {
				presets[i].Name = fmt.Sprint(i)
				want[presets[i].Name] = render(t, alone, presets[i]).Data
			}
			var wait sync.WaitGroup
			for i := range 16 {
				wait.Go(func() {
					p := presets[i%len(presets)]
					got, err := shared.Render(context.Background(), p)
					if err != nil || !bytes.Equal(got.Data, want[p.Name]) {
						t.Errorf("preset %s: the bytes differ (error %v)", p.Name, err)
					}
				})
			}
			wait.Wait()
		})
	}
}

// extraneous is a sound JPEG with bytes too many before a marker, as some phones write: libjpeg warns of it, and it
// shows nowhere.
func extraneous(t testing.TB) []byte {
	t.Helper()
	data := rowOf(t, "formats/jpeg-444.jpg").read(t)
	at := bytes.Index(data, []byte("\xff\xc0")) // behind the tables
	return append(append(bytes.Clone(data[:at]), 0, 0, 0, 0, 0), data[at:]...)
}

// TestDecodeSideBySide decodes sound, broken and oddly written originals at the same time: libvips keeps its errors in
// one buffer for all, and none may be given another's.
func TestDecodeSideBySide(t *testing.T) {
	type upload struct {
		data []byte
		want imaging.Reason
	}
	uploads := map[string]upload{
		"extraneous": {extraneous(t), "no error"},
		"sound":      {rowOf(t, "photos/cat.jpg").read(t), "no error"},
		"png":        {rowOf(t, "formats/png-rgba.png").read(t), "no error"},
	}
	for _, r := range table(t, "bad") {
		switch r.File {
		case "truncated-scan.jpg", "truncated-progressive.jpg", "truncated.png", "truncated.webp", "wild-offset.tif":
			uploads[r.File] = upload{r.read(t), r.Reason}
		}
	}
	before := imaging.InUse()
	var wait sync.WaitGroup
	for name, u := range uploads {
		for range 6 {
			wait.Go(func() {
				if got := reasonFor(t, u.data, defaultConfig(t).Limits); got != u.want {
					t.Errorf("%s: reason %s, want %s", name, got, u.want)
				}
			})
		}
	}
	wait.Wait()
	if after, leak := leaked(before); leak {
		t.Errorf("libvips holds %+v, before %+v", after, before)
	}
}

// TestExtraneous: the odd JPEG looks like the sound one.
func TestExtraneous(t *testing.T) {
	mean, _ := difference(pixelsOf(t, extraneous(t)), pixelsOf(t, rowOf(t, "formats/jpeg-444.jpg").read(t)))
	if mean != 0 {
		t.Errorf("mean difference %.2f", mean)
	}
}

// TestClose: closing twice is closing once.
func TestClose(t *testing.T) {
	before := imaging.InUse()
	master := decode(t, rowOf(t, "photos/cat.jpg").read(t), defaultConfig(t).Presets)
	render(t, master, defaultConfig(t).Presets[0])
	master.Close()
	master.Close()
	if after, leak := leaked(before); leak {
		t.Errorf("libvips holds %+v, before %+v", after, before)
	}
}

// countdown is a context that ends after it was asked n times.
type countdown struct {
	context.Context //nolint:containedctx // it is one
	left            int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelled: a context that has ended stops before any work, and between the frames of an animation; it is no fault
// of the original.
func TestCancelled(t *testing.T) {
	data := rowOf(t, "formats/gif-animated.gif").read(t)
	p := box(100, 100, preset.Inside)
	p.Format, p.Animated = preset.WebP, preset.Keep
	master := decode(t, data, []preset.Preset{p})
	for name, n := range map[string]int{"before": 0, "between frames": 3} {
		t.Run(name, func(t *testing.T) {
			_, err := master.Render(&countdown{context.Background(), n}, p)
			var refused *imaging.Error
			if !errors.Is(err, context.Canceled) || errors.As(err, &refused) {
				t.Errorf("%v, want context.Canceled alone", err)
			}
		})
	}
	t.Run("before decoding", func(t *testing.T) {
		_, err := imaging.Decode(&countdown{context.Background(), 0}, data, probe(t, data), []preset.Preset{p})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
}

// TestDrawingCancelled: nobody waits for a drawing longer than they want to, and what comes of it later is freed.
func TestDrawingCancelled(t *testing.T) {
	data := []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1400">` +
		strings.Repeat(`<circle cx="700" cy="700" r="700" opacity=".5"/>`, 60) + `</svg>`)
	before, routines := imaging.InUse(), runtime.NumGoroutine()
	header := probe(t, data)
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	master, err := imaging.Decode(ctx, data, header, []preset.Preset{wholeImage()})
	if err == nil {
		master.Close() // it was faster
	} else if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	for runtime.NumGoroutine() > routines { // it is still drawn
		time.Sleep(time.Millisecond)
	}
	if after, leak := leaked(before); leak {
		t.Errorf("libvips holds %+v, before %+v", after, before)
	}
}
