package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/command"
)

// ward is a bucket, "photos", whose every object was put there on purpose, and a stand-in for S3 that serves it.
type ward struct {
	*server

	t       *testing.T
	config  *preset.Config
	args    []string // doctor, the place, and files of its own
	deleted []string
	denied  bool // every GET of an object
	locked  bool // against deletion
	onHead  func(key string)

	looking sync.Mutex
	heads   map[string]int // by key
}

const wardPresets = "presets:\n  small: {width: 40}\n  tiny: {width: 20, format: webp}\n"

func openWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{server: serve(t, 0), t: t, heads: map[string]int{}}
	listener := httptest.NewServer(w)
	t.Cleanup(listener.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "a") // run has them, too
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	folder := t.TempDir()
	presets := filepath.Join(folder, "presets.yaml")
	if err := os.WriteFile(presets, []byte(wardPresets), 0o644); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.config, err = preset.LoadFile(presets); err != nil {
		t.Fatal(err)
	}
	w.args = []string{"doctor", "--bucket", "photos", "--endpoint-url", listener.URL, "--presets", presets, "--index", "none"}
	return w
}

// ServeHTTP adds to a run's server what only doctor needs: types, and the deletion of many.
func (w *ward) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/photos/")
	if r.Method == http.MethodHead {
		w.looked(key)
	}
	switch {
	case w.locked && (r.Method == http.MethodDelete || r.Method == http.MethodPost):
		http.Error(out, "<Error><Code>AccessDenied</Code></Error>", http.StatusForbidden)
		return
	case r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		var asked struct{ Object []struct{ Key string } }
		if err := xml.NewDecoder(r.Body).Decode(&asked); err != nil {
			w.t.Error(err)
		}
		for _, o := range asked.Object {
			w.deleted = append(w.deleted, o.Key)
			_ = w.Delete(r.Context(), o.Key)
		}
		_, _ = out.Write([]byte("<DeleteResult/>"))
		return
	case r.Method == http.MethodDelete:
		w.deleted = append(w.deleted, key)
	case r.Method == http.MethodGet && w.denied && !r.URL.Query().Has("list-type"):
		http.Error(out, "<Error><Code>AccessDenied</Code></Error>", http.StatusForbidden)
		return
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		if info, err := w.Head(r.Context(), key); err == nil {
			out.Header().Set("Content-Type", info.ContentType)
		}
	}
	w.server.ServeHTTP(out, r)
}

func (w *ward) looked(key string) {
	w.looking.Lock()
	defer w.looking.Unlock()
	w.heads[key]++
	if w.onHead != nil {
		w.onHead(key)
	}
}

func photo(width, height int) []byte {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, width, height)), nil)
	return out.Bytes()
}

// original puts an original of 60 x 40 pixels.
func (w *ward) original(key string) store.Info {
	return w.put("originals/"+key, photo(60, 40), "", nil)
}

func (w *ward) put(key string, body []byte, contentType string, metadata map[string]string) store.Info {
	w.t.Helper()
	etag, err := w.Put(context.Background(), key, store.Object{Body: body, ContentType: contentType, Metadata: metadata})
	if err != nil {
		w.t.Fatal(err)
	}
	return store.Info{Key: key, ETag: etag}
}

// mark is the metadata of a variant of an original by a preset of the ward.
func (w *ward) mark(original store.Info, by string) map[string]string {
	m := map[string]string{
		"presize-original": original.Key, "presize-original-etag": original.ETag, "presize-preset": by, "presize-fingerprint": "of-a-preset-that-is-gone",
		"presize-width": "40", "presize-height": "27",
	}
	for _, p := range w.config.Presets {
		if p.Name == by {
			m["presize-fingerprint"] = p.Fingerprint(imaging.Renderer)
		}
	}
	if by == "tiny" {
		m["presize-width"], m["presize-height"] = "20", "13"
	}
	return m
}

// variant puts a variant; changes are pairs of what is to be otherwise in its metadata.
func (w *ward) variant(key string, original store.Info, by string, changes ...string) {
	m := w.mark(original, by)
	for pair := range slices.Chunk(changes, 2) {
		m["presize-"+pair[0]] = pair[1]
	}
	w.put("resized/"+key, photo(40, 27), "image/jpeg", m)
}

// well puts an original and its variants, of which those of tiny are not what they say, which only --deep sees.
func (w *ward) well(name string) store.Info {
	o := w.original(name + ".jpg")
	w.variant("small/"+name+".jpg", o, "small")
	w.variant("tiny/"+name+".webp", o, "tiny")
	return o
}

func (w *ward) there(key string) bool {
	_, err := w.Head(context.Background(), key)
	return err == nil
}

// says is what doctor prints, with --json, and its exit code.
type says struct {
	Well    bool
	Wrong   int
	Presets []struct {
		Preset                                                 string
		Originals, Missing, Stale, Taken, Unreadable, UpToDate int
		Coverage                                               *float64
	}
	Kinds []struct {
		Kind, Command string
		Count         int
		Wrong         bool
	}
	Pruned *struct {
		Deleted int
		Left    []struct{ Key, Why string }
	}
	Cost     struct{ Gets, BytesRead int }
	Findings []struct {
		Kind, Key, Original, Preset, Why, Reason, Message string
		Disagreements                                     []struct{ What, Found, Recorded string }
	}
}

func (w *ward) says(wantCode int, flags ...string) (s says, stderr string) {
	w.t.Helper()
	code, stdout, stderr := run(w.t, slices.Concat(w.args, []string{"--json"}, flags)...)
	if code != wantCode {
		w.t.Errorf("%q: exit code %d, want %d: %s\n%s", flags, code, wantCode, stderr, stdout)
	}
	stdout = strings.NewReplacer("bytes_read", "BytesRead", "up_to_date", "UpToDate").Replace(stdout)
	if err := json.Unmarshal([]byte(stdout), &s); err != nil {
		w.t.Fatalf("%v in %s%s", err, stdout, stderr)
	}
	return s, stderr
}

// lines are the findings, sorted, as "kind key|original [preset]".
func (s says) lines() []string {
	out := []string{}
	for _, f := range s.Findings {
		about := f.Key
		if about == "" {
			about = f.Original
		}
		line := f.Kind + " " + about + " " + f.Preset
		for _, d := range f.Disagreements {
			line += " " + d.What
		}
		out = append(out, strings.TrimSpace(line+" "+f.Reason+f.Why))
	}
	slices.Sort(out)
	return out
}

// asked runs doctor on a terminal where somebody types the answer.
func (w *ward) asked(answer string, flags ...string) (string, error) {
	var out bytes.Buffer
	err := command.Asked(context.Background(), strings.NewReader(answer), &out, append(w.args[1:], flags...)...)
	return out.String(), err
}
