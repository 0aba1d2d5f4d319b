package pipeline_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// fixture is a pipeline over a bucket in memory, with the presets of presets.yaml unless a test has its own.
type fixture struct {
	*pipeline.Pipeline
	t      testing.TB
	bucket *store.Memory

	mu      sync.Mutex
	reports []report.Original
}

func newFixture(t testing.TB, presets string) *fixture {
	t.Helper()
	config, err := preset.LoadFile(filepath.Join("..", "..", "presets.yaml"))
	if presets != "" {
		config, err = preset.Load("presets.yaml", []byte(presets))
	}
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, bucket: store.NewMemory()}
	open := func(string) store.Objects { return f.bucket }
	f.Pipeline = &pipeline.Pipeline{
		Config: config, Source: open, Target: open, Workers: 2,
		Report: func(_ context.Context, original report.Original) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.reports = append(f.reports, original)
		},
	}
	return f
}

func (f *fixture) put(key string, body []byte) string {
	f.t.Helper()
	etag, err := f.bucket.Put(context.Background(), key, store.Object{Body: body})
	if err != nil {
		f.t.Fatal(err)
	}
	return etag
}

// create sends one created event and returns its account.
func (f *fixture) create(key string) report.Original {
	f.t.Helper()
	original, err := f.createErr(context.Background(), key)
	if err != nil {
		f.t.Fatalf("Create: %v", err)
	}
	return original
}

func (f *fixture) createErr(ctx context.Context, key string) (report.Original, error) {
	f.t.Helper()
	original, err := f.Sync(ctx, event.Change{Kind: event.Created, Bucket: "photos", Key: key})
	f.mu.Lock()
	defer f.mu.Unlock()
	if diff := cmp.Diff(f.reports[len(f.reports)-1], original, cmpopts.EquateErrors()); diff != "" {
		f.t.Errorf("Create's account is not what Report was told (-told +given):\n%s", diff)
	}
	return original, err
}

func (f *fixture) head(key string) store.Info {
	f.t.Helper()
	info, err := f.bucket.Head(context.Background(), key)
	if err != nil {
		f.t.Fatalf("Head: %v", err)
	}
	return info
}

// keys are those of variants or originals below a prefix: manifests and failure records have tests of their own.
func (f *fixture) keys(prefix string) []string {
	f.t.Helper()
	found := []string{}
	for info, err := range f.bucket.List(context.Background(), prefix, "") {
		if err != nil {
			f.t.Fatal(err)
		}
		if _, _, record := f.Config.OriginalOfRecord(info.Key); !record {
			found = append(found, info.Key)
		}
	}
	return found
}

// once runs do before the first call of a method on a key.
func (f *fixture) once(method, key string, do func()) {
	var done sync.Once
	f.bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == method && call.Keys[0] == key {
			done.Do(do)
		}
		return nil
	})
}

// photo is a JPEG of width x height pixels in one colour.
func photo(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.Set(i%width, i/width, c)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	red   = color.RGBA{200, 30, 30, 255}
	blue  = color.RGBA{30, 30, 200, 255}
	green = color.RGBA{30, 200, 30, 255}
)

func testFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var defaultVariants = []string{
	"resized/large/cat.jpg", "resized/medium/cat.jpg", "resized/small/cat.jpg", "resized/thumbnail/cat.webp",
}
