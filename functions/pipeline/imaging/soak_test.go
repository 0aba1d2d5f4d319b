package imaging_test

import (
	"context"
	"os"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// soakOriginals are of every type, still and animated, with and without alpha.
var soakOriginals = []string{
	"photos/cat.jpg", "photos/dandelion.jpg", "photos/astronaut.jpg", "phones/orientation-6.jpg", "phones/display-p3.jpg",
	"formats/jpeg-cmyk-profile.jpg", "formats/jpeg-progressive.jpg", "formats/png-rgba.png", "formats/png-rgb-16-bit.png",
	"formats/gif-animated.gif", "formats/gif-disposal.gif", "formats/webp-animated-alpha.webp", "formats/webp-lossy.webp",
	"formats/avif-8-bit.avif", "formats/tiff-cmyk.tif", "phones/plain.heic", "logos/white.png",
}

// TestSoak renders variant after variant in one process, and asks for its memory after each tenth. PRESIZE_SOAK says how
// many, 120 otherwise; only from 3,000 on is the memory held against a bound, because the first tenth must have seen
// everything once.
func TestSoak(t *testing.T) {
	const short, enough = 120, 3000
	renders := short
	if asked := os.Getenv("PRESIZE_SOAK"); asked != "" {
		var err error
		if renders, err = strconv.Atoi(asked); err != nil || renders < 10 {
			t.Fatalf("PRESIZE_SOAK=%s: want a number of renders, 10 or more", asked)
		}
	}
	if renders < enough {
		t.Logf("%d renders; with PRESIZE_SOAK=10000 the memory is held against a bound as well", renders)
	}
	var files [][]byte
	for _, file := range soakOriginals {
		files = append(files, rowOf(t, file).read(t))
	}
	before := imaging.InUse()
	var rss []int
	for done, next := 0, 0; done < renders; next++ {
		done += soak(t, files[next%len(files)])
		if len(rss) < done*10/renders {
			debug.FreeOSMemory() // what is left of garbage is no leak
			rss = append(rss, status("VmRSS")>>10)
			t.Logf("%6d renders: RSS %d MiB, libvips %+v", done, rss[len(rss)-1], imaging.InUse())
		}
	}
	if after, leak := leaked(before); leak {
		t.Errorf("libvips holds %+v, before %+v", after, before)
	}
	first, last := rss[0], rss[len(rss)-1]
	if renders >= enough && float64(last) > 1.15*float64(first) {
		t.Errorf("RSS %d MiB after the last tenth, %d after the first: more than 15 %% above", last, first)
	}
}

// soak renders one original by every default preset and says how many variants that were.
func soak(t *testing.T, data []byte) int {
	t.Helper()
	presets := defaultConfig(t).Presets
	master, err := imaging.Decode(context.Background(), data, probe(t, data), presets)
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	for _, p := range presets {
		render(t, master, p)
	}
	return len(presets)
}
