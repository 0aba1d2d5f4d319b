package main_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"

	"github.com/presize/presize/functions/pipeline/store"
)

// planted is an object to put.
type planted struct {
	key      string
	body     []byte
	metadata map[string]string
}

// plant puts objects. The server's own backend takes them four times as fast as the server does, which serves the folder
// that is this process's working directory; where it would keep metadata elsewhere, they go by the server.
func (s *site) plant(t testing.TB, objects []planted) {
	t.Helper()
	put := func(ctx context.Context, o planted) error {
		_, err := s.objects.Put(ctx, o.key, store.Object{Body: o.body, Metadata: o.metadata})
		return err
	}
	if folder, err := os.Getwd(); err == nil && (meta.XattrMeta{}).Test(folder) == nil {
		backend, err := posix.New(folder, meta.XattrMeta{}, posix.PosixOpts{})
		if err != nil {
			t.Fatal(err)
		}
		put = func(ctx context.Context, o planted) error {
			length := int64(len(o.body))
			_, err := backend.PutObject(ctx, s3response.PutObjectInput{
				Bucket: &s.name, Key: &o.key, Body: bytes.NewReader(o.body), ContentLength: &length, Metadata: o.metadata,
			})
			return err
		}
	}
	start := time.Now()
	defer func() { t.Logf("%d objects planted in %s", len(objects), time.Since(start)) }()
	if err := each(len(objects), func(i int) error { return put(t.Context(), objects[i]) }); err != nil {
		t.Fatal(err)
	}
}

// moveOut has another process serve the bucket from now on: one without the race detector, which makes a server of many
// objects slow.
func (s *site) moveOut(t *testing.T) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	for _, folder := range []string{"objects", "metadata"} {
		to := filepath.Join(data, "s3", folder)
		if err := os.MkdirAll(to, 0o750); err != nil {
			t.Fatal(err)
		}
		err := os.Rename(filepath.Join(filepath.Dir(here), folder, s.name), filepath.Join(to, s.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	p := startProgram(t, "-data", data, filepath.Join(root, "testdata", "originals", "photos", "cat.jpg"))
	places := regexp.MustCompile(`S3 +(http://\S+),`).FindStringSubmatch(p.until(t, "Ctrl-C stops."))
	// It is killed when the test ends, before the folder is removed.
	t.Cleanup(func() { _ = p.command.Wait() })
	s.endpoint = places[1]
	s.connect(t)
}

// fingerprints renders one original to see which fingerprints variants get today. It stays in the bucket.
func (s *site) fingerprints(t testing.TB) map[string]string {
	t.Helper()
	s.put(t, s.config.Originals+"seed.jpg", photo(t))
	s.backfill(t, 0, []string{"run", "--quiet"})
	s.complete(t)
	found := map[string]string{}
	for _, info := range s.variants(t, true) {
		found[info.Metadata["presize-preset"]] = info.Metadata["presize-fingerprint"]
	}
	return found
}

// planting makes up what a bucket holds, and what a plan should say of it.
type planting struct {
	site         *site
	random       *rand.Rand
	fingerprints map[string]string
	objects      []planted
	want         map[string]*presetLine
	extras       map[string]int64
	originals    int64 // originals with work
	bytes        int64 // of them
	variants     int64 // objects below the resized prefix
}

func newPlanting(t testing.TB, s *site, seed uint64) *planting {
	t.Helper()
	t.Logf("seed %d", seed)
	p := &planting{
		site: s, random: rand.New(rand.NewPCG(seed, 0)), fingerprints: s.fingerprints(t),
		want: map[string]*presetLine{}, extras: map[string]int64{"orphan": 0, "dropped": 0, "superseded": 0, "foreign": 0},
	}
	for _, preset := range s.config.Presets {
		p.want[preset.Name] = &presetLine{Preset: preset.Name, Originals: 1, UpToDate: 1} // the seed
		p.variants++
	}
	return p
}

// place is folder and name of the i-th original: many folders, and names of many kinds.
func place(i int) string {
	name := []string{"%05d", "IMG %05d", "Größe-%05d", "猫 %05d+x", "photo%05d-1"}[i%5]
	return fmt.Sprintf("%02x/%d/", i%64, i%3) + fmt.Sprintf(name, i)
}

// add is an original with its variants, or without.
func (p *planting) add(i int) {
	at := place(i)
	key := p.site.config.Originals + at + ".jpg"
	body := fmt.Appendf(nil, "original %d", i)
	sum := md5.Sum(body)
	p.objects = append(p.objects, planted{key: key, body: body})
	half := p.random.IntN(2) == 0
	work := false
	for _, preset := range p.site.config.Presets {
		work = p.variant(preset.Name, p.site.config.PredictKeys(preset, key)[0], key, hex.EncodeToString(sum[:]), half) || work
	}
	if work {
		p.originals++
		p.bytes += int64(len(body))
	}
	if p.random.IntN(100) == 0 {
		p.extra("dropped", "resized/poster/"+at+".jpg", key, "poster")
	}
}

// variant is one preset of an original; it says whether a run has to render it.
func (p *planting) variant(preset, at, key, etag string, half bool) bool {
	line := p.want[preset]
	line.Originals++
	dice := p.random.IntN(100)
	if !half || dice < 3 {
		if dice != 50 {
			line.Missing++
			return true
		}
		// Somebody else's object where the variant should be.
		p.put(at, nil)
		p.extras["foreign"]++
		line.Taken++
		return false
	}
	fingerprint := p.fingerprints[preset]
	work := true
	switch {
	case dice < 10:
		etag = "00000000000000000000000000000000"
		line.Stale, line.StaleByOriginal = line.Stale+1, line.StaleByOriginal+1
	case dice < 17:
		fingerprint = "an older one"
		line.Stale, line.StaleByPreset = line.Stale+1, line.StaleByPreset+1
	case dice < 20:
		etag, fingerprint = "00000000000000000000000000000000", "an older one"
		line.Stale, line.StaleByBoth = line.Stale+1, line.StaleByBoth+1
	default:
		line.UpToDate++
		work = false
	}
	p.put(at, mark(key, etag, preset, fingerprint))
	if preset == "small" && p.random.IntN(50) == 0 {
		// Another extension: the original was replaced by one of another format, and came back.
		p.extra("superseded", at[:len(at)-len("jpg")]+"png", key, preset)
	}
	return work
}

// extra is an object that nothing asks for, written for an original.
func (p *planting) extra(kind, at, original, preset string) {
	p.extras[kind]++
	p.put(at, mark(original, "00000000000000000000000000000000", preset, "an older one"))
}

func (p *planting) put(at string, metadata map[string]string) {
	p.variants++
	p.objects = append(p.objects, planted{key: at, body: []byte("variant"), metadata: metadata})
}

func mark(original, etag, preset, fingerprint string) map[string]string {
	return map[string]string{
		"presize-original": original, "presize-original-etag": etag, "presize-preset": preset, "presize-fingerprint": fingerprint,
		"presize-width": "60", "presize-height": "40",
	}
}

// leave adds what is left over: variants of originals that are gone, and what Presize never wrote.
func (p *planting) leave(n int) {
	for i := range n {
		at := fmt.Sprintf("%02x/gone-%05d", i%64, i)
		for _, preset := range []string{"small", "poster"} {
			p.extra("orphan", p.site.config.Resized+preset+"/"+at+".jpg", p.site.config.Originals+at+".jpg", preset)
		}
		for _, at := range []string{"small/%02x/readme-%d.txt", "logo-%02x-%d.png"} {
			p.extras["foreign"]++
			p.put(p.site.config.Resized+fmt.Sprintf(at, i%64, i), nil)
		}
	}
}
