package pipeline_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// The model: uploads, overwrites and deletes at any moment; their events delivered late, twice, out of order and several
// at a time; every call of an invocation to the bucket, the CDN or whoever is announced to held up until the script lets
// it go; and invocations that end between any two calls, as a process does that is killed, whose events then come again.
// When all is handled, the resized prefix is what the originals of the moment imply, and the CDN holds nothing else.
type model struct {
	script   []int
	config   *preset.Config
	bucket   *store.Memory
	pipeline *pipeline.Pipeline
	images   []modelImage
	queue    []event.Change
	history  []event.Change
	running  []*invocation
	crashes  int
	trace    []string

	mu        sync.Mutex
	cached    map[string]string // CDN: key -> ETag
	announced map[string]report.Completion
}

type modelImage struct {
	name   string
	data   []byte
	format preset.Format // empty: cannot be rendered
}

type invocation struct {
	changes []event.Change
	dead    bool
	waiting []*heldCall
	results []pipeline.Result
	ended   bool
}

type heldCall struct {
	what string
	let  chan error
}

type invocationKey struct{}

var errKilled = errors.New("the process was killed")

const modelPresets = `
presets:
  a: {width: 8}
  b: {width: 4, height: 4, fit: cover, format: webp, effort: 0}
`

var modelKeys = []string{"originals/x.jpg", "originals/d/y.png"}

func newModel(t *testing.T, script []int) *model {
	config, err := preset.Load("presets.yaml", []byte(modelPresets))
	if err != nil {
		t.Fatal(err)
	}
	m := &model{
		script: script, config: config, bucket: store.NewMemory(),
		cached: map[string]string{}, announced: map[string]report.Completion{},
		images: []modelImage{
			{"red", photo(t, 10, 8, red), preset.JPEG},
			{"blue", photo(t, 8, 10, blue), preset.JPEG},
			{"png", pngOf(t, 9, 9, green), preset.PNG},
			{"broken", []byte("shopping list"), ""},
		},
	}
	open := func(string) store.Objects { return m.bucket }
	m.pipeline = &pipeline.Pipeline{
		Config: config, Source: open, Target: open, Workers: 2, Report: func(context.Context, report.Original) {},
		Refresh: func(ctx context.Context, outdated []pipeline.Outdated) error {
			if err := m.hold(ctx, "Refresh"); err != nil {
				return err
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, o := range outdated {
				for _, key := range o.Keys {
					delete(m.cached, key)
				}
			}
			return nil
		},
		Announce: func(ctx context.Context, completion report.Completion) error {
			if err := m.hold(ctx, "Announce"); err != nil {
				return err
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			m.announced[completion.Original.Key] = completion
			return nil
		},
	}
	return m
}

func pngOf(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.Set(i%width, i/width, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// next is the script's next choice out of n; when the script is over, the first.
func (m *model) next(n int) int {
	if len(m.script) == 0 {
		return 0
	}
	choice := m.script[0] % n
	m.script = m.script[1:]
	return choice
}

// key is mostly the first: what one original goes through is what finds mistakes.
func (m *model) key() string { return modelKeys[max(0, m.next(6)-4)] }

func (m *model) tell(format string, args ...any) {
	m.trace = append(m.trace, fmt.Sprintf(format, args...))
}

// hold waits until the script lets a call of an invocation happen.
func (m *model) hold(ctx context.Context, what string) error {
	i, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		return nil // the test's own
	}
	m.mu.Lock()
	if i.dead {
		m.mu.Unlock()
		return errKilled
	}
	call := &heldCall{what, make(chan error)}
	i.waiting = append(i.waiting, call)
	m.mu.Unlock()
	return <-call.let
}

// play runs the script, then everything that is left, and says what is wrong in the end.
func (m *model) play() error {
	m.bucket.Hook(func(ctx context.Context, call store.Call) error {
		if call.Method == "Head" && strings.HasPrefix(call.Keys[0], "resized/") {
			return nil // what is held up is what comes after it
		}
		return m.hold(ctx, call.Method+" "+strings.Join(call.Keys, ","))
	})
	for len(m.script) > 0 {
		m.act()
	}
	for steps := 0; len(m.queue) > 0 || len(m.running) > 0; steps++ {
		if steps > 20000 {
			return errors.New("it never ends")
		}
		if len(m.running) == 0 {
			m.start()
		}
		m.step()
	}
	return m.check()
}

func (m *model) act() {
	switch m.next(32) {
	case 0, 1, 2:
		m.upload()
	case 3, 4:
		m.remove()
	case 5:
		if len(m.history) > 0 {
			m.queue = append(m.queue, m.history[m.next(len(m.history))])
		}
	case 6, 7, 8, 9:
		if len(m.running) < 3 {
			m.start()
		}
	case 10:
		m.crash()
	case 11, 12:
		m.view()
	default:
		m.step()
	}
}

func (m *model) upload() {
	key, picture := m.key(), m.images[m.next(len(m.images))]
	etag, err := m.bucket.Put(context.Background(), key, store.Object{Body: picture.data})
	if err != nil {
		panic(err)
	}
	m.tell("upload %s to %s", picture.name, key)
	m.happened(event.Change{Kind: event.Created, Bucket: "photos", Key: key, ETag: etag})
}

func (m *model) remove() {
	key := m.key()
	if _, err := m.bucket.Head(context.Background(), key); err != nil {
		return
	}
	_ = m.bucket.Delete(context.Background(), key)
	m.tell("delete %s", key)
	m.happened(event.Change{Kind: event.Removed, Bucket: "photos", Key: key})
}

func (m *model) happened(change event.Change) {
	m.queue, m.history = append(m.queue, change), append(m.history, change)
}

// start begins an invocation with some of the queued events, in any order.
func (m *model) start() {
	if len(m.queue) == 0 {
		return
	}
	i := &invocation{}
	for range 1 + m.next(2) {
		if len(m.queue) > 0 {
			at := m.next(len(m.queue))
			i.changes = append(i.changes, m.queue[at])
			m.queue = slices.Delete(m.queue, at, at+1)
		}
	}
	m.tell("start %s", describeAll(i.changes))
	m.running = append(m.running, i)
	go func() {
		results := m.pipeline.SyncAll(context.WithValue(context.Background(), invocationKey{}, i), i.changes...)
		m.mu.Lock()
		defer m.mu.Unlock()
		i.results, i.ended = results, true
	}()
	synctest.Wait()
	m.reap()
}

func describeAll(changes []event.Change) string {
	var words []string
	for _, c := range changes {
		words = append(words, fmt.Sprintf("%s %s %.6s", c.Kind, c.Key, c.ETag))
	}
	return strings.Join(words, ", ")
}

// step lets some calls of one invocation happen: an invocation that runs far while others are held up finds more than
// one where all take turns.
func (m *model) step() {
	if len(m.running) == 0 {
		return
	}
	i := m.running[m.next(len(m.running))]
	for range 1 << m.next(6) {
		if i.ended {
			return
		}
		m.let(i)
	}
}

// let has one of the calls that an invocation waits for happen.
func (m *model) let(i *invocation) {
	m.mu.Lock()
	slices.SortFunc(i.waiting, func(a, b *heldCall) int { return strings.Compare(a.what, b.what) })
	at := m.next(len(i.waiting))
	call := i.waiting[at]
	i.waiting = slices.Delete(i.waiting, at, at+1)
	m.mu.Unlock()
	m.tell("  [%s] %s", describeAll(i.changes), call.what)
	call.let <- nil
	synctest.Wait()
	m.reap()
}

// crash ends an invocation before its next call.
func (m *model) crash() {
	if len(m.running) == 0 {
		return
	}
	i := m.running[m.next(len(m.running))]
	m.crashes++
	m.tell("  [%s] is killed", describeAll(i.changes))
	m.mu.Lock()
	i.dead = true
	waiting := i.waiting
	i.waiting = nil
	m.mu.Unlock()
	for _, call := range waiting {
		call.let <- errKilled
	}
	synctest.Wait()
	m.reap()
}

// reap takes the invocations that have ended from those that run, and queues again what they failed at.
func (m *model) reap() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running = slices.DeleteFunc(m.running, func(i *invocation) bool {
		if !i.ended {
			return false
		}
		for n, change := range i.changes {
			if i.dead || i.results[n].Err != nil {
				m.queue = append(m.queue, change)
			}
		}
		return true
	})
}

// view is a visitor who makes the CDN keep a variant.
func (m *model) view() {
	var keys []string
	for info := range m.bucket.List(context.Background(), "resized/", "") {
		if pipeline.ReadMark(func() map[string]string { i, _ := m.bucket.Head(context.Background(), info.Key); return i.Metadata }()).Preset != "" {
			keys = append(keys, info.Key)
		}
	}
	if len(keys) == 0 {
		return
	}
	key := keys[m.next(len(keys))]
	info, err := m.bucket.Head(context.Background(), key)
	if err != nil {
		return
	}
	m.tell("view %s", key)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cached[key] == "" {
		m.cached[key] = info.ETag
	}
}

// check compares the bucket, the CDN and what was announced with what the originals imply.
func (m *model) check() error {
	want := map[string]string{} // key -> ETag of the original that it shows
	for _, key := range modelKeys {
		info, err := m.bucket.Head(context.Background(), key)
		if err != nil {
			if c, ok := m.announced[key]; ok && c.Status != "removed" {
				return fmt.Errorf("%s is gone, but the last word on it was %s", key, c.Status)
			}
			continue
		}
		manifestKey, _ := m.config.ManifestKey(key)
		want[manifestKey] = info.ETag
		picture := m.imageOf(info.ETag)
		status := "ready"
		if picture.format == "" {
			failureKey, _ := m.config.FailureKey(key)
			want[failureKey] = info.ETag
			status = "failed"
		} else {
			for _, p := range m.config.Presets {
				format := p.Format
				if format == preset.Original {
					format = picture.format
				}
				variant, _ := m.config.VariantKey(p, key, format)
				want[variant] = info.ETag
			}
		}
		if c := m.announced[key]; string(c.Status) != status || c.Original.ETag != info.ETag {
			return fmt.Errorf("%s is %s of %.6s, but the last word on it was %q of %.6s", key, status, info.ETag, c.Status, c.Original.ETag)
		}
	}
	got := map[string]string{}
	for info := range m.bucket.List(context.Background(), "resized/", "") {
		there, _ := m.bucket.Head(context.Background(), info.Key)
		got[info.Key] = pipeline.ReadMark(there.Metadata).ETag
		if m.cached[info.Key] != "" && m.cached[info.Key] != info.ETag && m.crashes <= 1 {
			return fmt.Errorf("the CDN holds an outdated %s", info.Key)
		}
	}
	if !maps.Equal(want, got) {
		return fmt.Errorf("below resized/ is\n%v\nbut the originals imply\n%v", got, want)
	}
	for key := range m.cached {
		if _, stands := got[key]; !stands && m.crashes <= 1 {
			return fmt.Errorf("the CDN holds %s, which is deleted", key)
		}
	}
	return nil
}

func (m *model) imageOf(etag string) modelImage {
	for _, i := range m.images {
		if etag == fmt.Sprintf("%x", md5.Sum(i.data)) {
			return i
		}
	}
	panic("no image has ETag " + etag)
}

func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		// Numbers as rapid draws them are mostly small; made of fair bits they are not.
		number := rapid.Custom(func(rt *rapid.T) int {
			n := 0
			for range 8 {
				n *= 2
				if rapid.Bool().Draw(rt, "bit") {
					n++
				}
			}
			return n
		})
		script := rapid.SliceOfN(number, number.Draw(rt, "least"), 260).Draw(rt, "script")
		var failure error
		var trace []string
		synctest.Test(t, func(t *testing.T) {
			m := newModel(t, script)
			failure = m.play()
			trace = m.trace
		})
		if failure != nil {
			rt.Fatalf("%v\n%s", failure, strings.Join(trace, "\n"))
		}
	})
}
