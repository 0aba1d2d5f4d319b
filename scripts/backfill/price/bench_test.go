package price_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// BenchmarkOriginal takes the photos of the project and of bimg's tests through the whole pipeline on one core, with the
// project's presets and a bucket in memory, and fits milliseconds = ms-per-original + megapixels x ms-per-megapixel by least
// squares. It is where the defaults of those two rates come from:
//
//	go test -run '^$' -bench Original -benchtime 10x ./scripts/backfill/price
//
// HEIC, which is decoded in WebAssembly, takes about 200 ms a megapixel and is left out.
func BenchmarkOriginal(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	config, err := preset.LoadFile("../../../presets.yaml")
	if err != nil {
		b.Fatal(err)
	}
	bucket := store.NewMemory()
	bytes := map[string]float64{}
	for _, path := range photos(b) {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		key := config.Originals + filepath.Ext(path) + "/" + filepath.Base(path)
		bytes[key] = float64(len(data))
		if _, err := bucket.Put(context.Background(), key, store.Object{Body: data}); err != nil {
			b.Fatal(err)
		}
	}
	objects := func(string) store.Objects { return bucket }
	way := &pipeline.Pipeline{
		Config: config, Source: objects, Target: objects, Workers: 1,
		Report: func(context.Context, report.Original) {},
	}
	fastest, size := map[string]float64{}, map[string]float64{}
	for b.Loop() {
		for key := range bytes {
			start := time.Now()
			last, err := way.Sync(context.Background(), event.Change{Kind: event.Created, Bucket: "b", Key: key})
			if err != nil {
				b.Fatal(err)
			}
			if last.Outcome != report.Done {
				b.Logf("%s: %s %s: left out", key, last.Outcome, last.Reason)
				delete(bytes, key)
				continue
			}
			took := float64(time.Since(start).Microseconds()) / 1000
			if was := fastest[key]; was == 0 || took < was {
				fastest[key] = took
			}
			size[key] = float64(last.Width) * float64(last.Height) * float64(max(1, last.Frames)) / 1e6
		}
	}
	var table []string
	var n, x, y, xx, xy, total float64
	for key, ms := range fastest {
		table = append(table, fmt.Sprintf("%6.2f megapixels %8.0f bytes %7.1f ms  %s", size[key], bytes[key], ms, key))
		n, x, y, xx, xy = n+1, x+size[key], y+ms, xx+size[key]*size[key], xy+size[key]*ms
		total += bytes[key]
	}
	slices.Sort(table)
	b.Log("\n" + strings.Join(table[max(0, len(table)-8):], "\n")) // go test prints ten lines
	slope := (n*xy - x*y) / (n*xx - x*x)
	b.ReportMetric(slope, "ms/megapixel")
	b.ReportMetric((y-slope*x)/n, "ms/original")
	b.ReportMetric(x/(total/1e6), "megapixels/MB")
	b.ReportMetric(n, "photos")
}

func photos(b *testing.B) []string {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/h2non/bimg").Output()
	if err != nil {
		b.Fatal(err)
	}
	var out []string
	for _, pattern := range []string{
		filepath.Join(strings.TrimSpace(string(module)), "testdata", "*.jpg"),
		filepath.Join(strings.TrimSpace(string(module)), "testdata", "vertical.webp"),
		"../../../testdata/originals/photos/*.jpg", "../../../testdata/originals/phones/*.jpg",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			b.Fatalf("%s: %v, %d files", pattern, err, len(found))
		}
		for _, path := range found {
			if filepath.Base(path) != "corrupt.jpg" {
				out = append(out, path)
			}
		}
	}
	return out
}
