package pipeline_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// BenchmarkPipeline renders photos with the project's presets on all processors, from and to a bucket in memory: what the
// pipeline does when it waits for nothing. PRESIZE_CORPUS names a file with the photos' paths, one a line; one that stands
// there twice is rendered twice. `make bench-backfill` compares it with what the backfill does.
func BenchmarkPipeline(b *testing.B) {
	list := os.Getenv("PRESIZE_CORPUS")
	if list == "" {
		b.Skip("PRESIZE_CORPUS names no list of photos")
	}
	config, err := preset.LoadFile("../../presets.yaml")
	if err != nil {
		b.Fatal(err)
	}
	keys, photos := corpus(b, list, config)
	for b.Loop() {
		b.StopTimer()
		bucket := store.NewMemory()
		for i, key := range keys {
			if _, err := bucket.Put(context.Background(), key, store.Object{Body: photos[i]}); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		renderAll(b, config, bucket, keys)
	}
	b.ReportMetric(float64(len(keys))*float64(b.N)/b.Elapsed().Seconds(), "originals/s")
}

func corpus(b *testing.B, list string, config *preset.Config) (keys []string, photos [][]byte) {
	b.Helper()
	file, err := os.Open(list)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	read := map[string][]byte{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		path := lines.Text()
		if read[path] == nil {
			if read[path], err = os.ReadFile(path); err != nil {
				b.Fatal(err)
			}
		}
		keys = append(keys, fmt.Sprintf("%s%05d%s", config.Originals, len(keys), filepath.Ext(path)))
		photos = append(photos, read[path])
	}
	return keys, photos
}

// renderAll renders a few more at a time than there are processors: one always waits for another of its variants.
func renderAll(b *testing.B, config *preset.Config, bucket store.Objects, keys []string) {
	b.Helper()
	objects := func(string) store.Objects { return bucket }
	way := &pipeline.Pipeline{
		Config: config, Source: objects, Target: objects, Workers: runtime.GOMAXPROCS(0),
		Report: func(context.Context, report.Original) {},
	}
	next := make(chan string)
	var group sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for key := range next {
				account, err := way.Sync(context.Background(), event.Change{Kind: event.Created, Bucket: "b", Key: key})
				if err != nil || account.Outcome != report.Done {
					b.Errorf("%s: %s %s: %v", key, account.Outcome, account.Reason, account.Err)
				}
			}
		})
	}
	for _, key := range keys {
		next <- key
	}
	close(next)
	group.Wait()
}
