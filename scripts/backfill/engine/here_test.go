package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

const twoPresets = `
version: 1
originals: originals/
resized: resized/
presets:
  small: {width: 40}
  thumbnail: {width: 20, height: 20, fit: cover, format: webp}
`

func config(t testing.TB, text string) *preset.Config {
	t.Helper()
	c, err := preset.Load("presets.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// photo is a JPEG that takes its time: no two pixels are alike.
func photo(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.Set(i%width, i/width, color.RGBA{uint8(i * 7), uint8(i / width), uint8(i % width * 3), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fill puts n originals into a bucket and returns their items.
func fill(t testing.TB, bucket store.Objects, n int, body []byte) engine.Items {
	t.Helper()
	var all []engine.Item
	for i := range n {
		etag, err := bucket.Put(t.Context(), name(i), store.Object{Body: body})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, engine.Item{Key: name(i), ETag: etag, Size: int64(len(body))})
	}
	return func(context.Context) iter.Seq2[engine.Item, error] {
		return func(yield func(engine.Item, error) bool) {
			for _, item := range all {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

func TestHere(t *testing.T) {
	bucket := store.NewMemory()
	meter := &engine.Meter{}
	counted := meter.Objects(bucket)
	run := newRun(t, 0, engine.NewHere(config(t, twoPresets), "photos", counted, counted, 2))
	run.Items = fill(t, bucket, 10, photo(t, 100, 80))
	if _, err := bucket.Put(t.Context(), name(3), store.Object{Body: []byte("no image")}); err != nil {
		t.Fatal(err)
	}
	if err := bucket.Delete(t.Context(), name(4)); err != nil {
		t.Fatal(err)
	}
	if err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := run.Tally.Now()
	if now.Done != 8 || now.Gone != 1 || now.Failed != 1 || now.Reasons["not-an-image"] != 1 || now.Variants != 16 || now.Bytes == 0 {
		t.Errorf("counts: %+v", now)
	}
	if use := meter.Usage(); use.Gets < 10 || use.Puts != 16+8+2*1 /* manifests, and the failure record */ {
		t.Errorf("usage: %+v", use)
	}
}

// Presets that are not asked for are left alone, and so is what is fresh when nobody has looked.
func TestHereItem(t *testing.T) {
	bucket := store.NewMemory()
	c := config(t, twoPresets)
	here := engine.NewHere(c, "photos", bucket, bucket, 2)
	etag, _ := bucket.Put(t.Context(), "originals/a.jpg", store.Object{Body: photo(t, 100, 80)})
	for _, step := range []struct {
		item engine.Item
		want int
	}{
		{engine.Item{Key: "originals/a.jpg", Presets: []string{"small"}}, 1},
		{engine.Item{Key: "originals/a.jpg", Look: true}, 1},
		{engine.Item{Key: "originals/a.jpg", Look: true}, 0},
		{engine.Item{Key: "originals/a.jpg"}, 0}, // rendered, and found to stand there
	} {
		result, err := here.Do(t.Context(), step.item)
		if err != nil || result.Variants != step.want || result.Err != nil {
			t.Errorf("%+v: %+v, %v", step.item, result, err)
		}
	}
	there, err := bucket.Head(t.Context(), "resized/thumbnail/a.webp")
	if err != nil || !pipeline.ReadMark(there.Metadata).Shows("originals/a.jpg", etag, c.Presets[1]) {
		t.Errorf("thumbnail: %+v, %v", there, err)
	}
}

// flaky is S3 as far as this test needs it, which answers 503 to every tenth call and cuts every fiftieth body.
type flaky struct {
	bucket *store.Memory
	calls  atomic.Int64
	bodies atomic.Int64
	cut    atomic.Int64
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/photos/")
	if f.calls.Add(1)%10 == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprint(w, `<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`)
		return
	}
	if r.Method == http.MethodPut {
		f.put(w, r, key)
		return
	}
	info, body, err := f.bucket.Open(r.Context(), key)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	defer body.Close()
	w.Header().Set("ETag", `"`+info.ETag+`"`)
	w.Header().Set("Content-Length", fmt.Sprint(info.Size))
	for name, value := range info.Metadata {
		w.Header().Set("x-amz-meta-"+name, value)
	}
	if r.Method == http.MethodHead {
		return
	}
	data := make([]byte, info.Size)
	_, _ = body.Read(data)
	if f.bodies.Add(1)%50 == 0 {
		f.cut.Add(1)
		_, _ = w.Write(data[:len(data)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the connection ends
	}
	_, _ = w.Write(data)
}

func (f *flaky) put(w http.ResponseWriter, r *http.Request, key string) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	object := store.Object{Body: body.Bytes(), ContentType: r.Header.Get("Content-Type"), Metadata: map[string]string{}}
	for name := range r.Header {
		if short, ok := strings.CutPrefix(strings.ToLower(name), "x-amz-meta-"); ok {
			object.Metadata[short] = r.Header.Get(name)
		}
	}
	put := f.bucket.Put
	if r.Header.Get("If-None-Match") == "*" {
		put = f.bucket.PutIfAbsent
	}
	etag, err := put(r.Context(), key, object)
	if err != nil {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	w.Header().Set("ETag", `"`+etag+`"`)
}

// Every variant arrives, and what was in the way is in the retry count alone.
func TestHereFromFlakyS3(t *testing.T) {
	f := &flaky{bucket: store.NewMemory()}
	server := httptest.NewServer(f)
	defer server.Close()
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, filepath.Join(t.TempDir(), "none"))
	}
	const n = 150
	run := newRun(t, n, nil)
	run.Items = fill(t, f.bucket, n, photo(t, 60, 40))
	client, err := store.Connect(t.Context(), store.Options{
		Endpoint: server.URL, UsePathStyle: true, MaxAttempts: 8, MaxBackoff: time.Millisecond,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		OnRetry: func(throttled bool) {
			run.Tally.Retried(throttled)
			if throttled {
				run.Limit.Throttled()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s3 := store.NewS3(client, "photos")
	run.Way = engine.NewHere(config(t, twoPresets), "photos", s3, s3, 2)
	if err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := run.Tally.Now()
	if now.Done != n || now.Failed != 0 || now.Variants != 2*n || now.Throttled < n/10 || now.Retries < now.Throttled+f.cut.Load() {
		t.Errorf("counts: %+v; %d bodies were cut", now, f.cut.Load())
	}
	variants := 0
	presets := config(t, twoPresets)
	for info, err := range f.bucket.List(t.Context(), "resized/", "") {
		if err != nil {
			t.Fatal(err)
		}
		if _, _, record := presets.OriginalOfRecord(info.Key); !record {
			variants++
		}
	}
	if variants != 2*n || f.cut.Load() == 0 {
		t.Errorf("%d variants, want %d; %d bodies were cut", variants, 2*n, f.cut.Load())
	}
}

func TestMeter(t *testing.T) {
	bucket := store.NewMemory()
	meter := &engine.Meter{}
	counted := meter.Objects(bucket)
	for i := range 1001 {
		_, _ = counted.PutIfAbsent(t.Context(), fmt.Sprint(i), store.Object{})
	}
	_, _ = counted.Put(t.Context(), "1", store.Object{Body: []byte("12345")})
	_, _ = counted.Head(t.Context(), "1")
	_, body, _ := counted.Open(t.Context(), "1")
	_ = body.Close()
	for range counted.List(t.Context(), "", "") {
	}
	for range counted.List(t.Context(), "none", "") {
	}
	_ = counted.Delete(t.Context(), "1")
	meter.Add(price.Usage{Invokes: 7})
	if got, want := meter.Usage(), (price.Usage{Lists: 3, Heads: 1, Gets: 1, Puts: 1002, Deletes: 1, Invokes: 7, BytesOut: 5}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
