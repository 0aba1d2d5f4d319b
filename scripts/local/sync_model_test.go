package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/machine"
)

// sequences is how many originals go through a random life each; PRESIZE_SEQUENCES sets another number.
const sequences = 250

// TestSyncModel plays random lives of originals, one for each key, on the real functions over the embedded S3: uploads of
// several formats and of what is none, overwrites, deletes, events that come late and twice, and processes that are killed.
// The model of the pipeline plays the same in memory, call by call; here it is the whole of it. In the end, what is below
// the resized prefix is what the originals imply.
func TestSyncModel(t *testing.T) {
	n := sequences
	if set, err := strconv.Atoi(os.Getenv("PRESIZE_SEQUENCES")); err == nil {
		n = set
	}
	m := shared
	before := map[*lambda.Lambda]int{m.Lambda: len(m.Lambda.DeadLetters()), m.Cleanup: len(m.Cleanup.DeadLetters())}
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d sequences, seed %d", n, seed)
	lives := make([]*life, n)
	for i := range lives {
		lives[i] = &life{
			key: fmt.Sprintf("%smodel/%d/cat.jpg", m.Config.Originals, i), random: rand.New(rand.NewPCG(seed, uint64(i))), m: m,
		}
	}
	killing, enough := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killed := 0
	killer.Go(func() { killed = killNow(killing, rand.New(rand.NewPCG(seed, 1<<40))) })
	var living errgroup.Group
	living.SetLimit(16)
	for _, l := range lives {
		living.Go(func() error { return l.live(t.Context()) })
	}
	if err := living.Wait(); err != nil {
		t.Fatal(err)
	}
	enough()
	killer.Wait()
	settleAll(t, m, before)
	t.Logf("%d processes were killed", killed)
	wrong := 0
	for _, l := range lives {
		if diff := l.check(t.Context()); diff != "" {
			if wrong++; wrong <= 5 {
				t.Errorf("%s after %s: %s", l.key, strings.Join(l.told, ", "), diff)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d originals ended wrong", wrong, n)
	}
}

// life is what one original goes through.
type life struct {
	key    string
	m      *machine.Machine
	random *rand.Rand
	told   []string
	events [][]byte // that were sent for it
	format preset.Format
	exists bool
}

func (l *life) live(ctx context.Context) error {
	for range 2 + l.random.IntN(5) {
		var err error
		switch l.random.IntN(8) {
		case 0, 1:
			err = l.remove(ctx)
		case 2:
			err = l.again()
		default:
			err = l.upload(ctx)
		}
		if err != nil {
			return err
		}
		time.Sleep(time.Duration(l.random.IntN(30)) * time.Millisecond)
	}
	return l.again()
}

var modelImages = []struct {
	name   string
	data   []byte
	format preset.Format // empty: cannot be rendered
}{
	{"red", encoded(false, color.RGBA{200, 0, 0, 255}), preset.JPEG},
	{"blue", encoded(false, color.RGBA{0, 0, 200, 255}), preset.JPEG},
	{"png", encoded(true, color.RGBA{0, 200, 0, 255}), preset.PNG},
	{"text", []byte("shopping list"), ""},
}

func encoded(isPNG bool, c color.RGBA) []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 12, 10))
	for i := range 120 {
		picture.Set(i%12, i/12, c)
	}
	var b bytes.Buffer
	if isPNG {
		_ = png.Encode(&b, picture)
	} else {
		_ = jpeg.Encode(&b, picture, nil)
	}
	return b.Bytes()
}

func (l *life) upload(ctx context.Context) error {
	picture := modelImages[l.random.IntN(len(modelImages))]
	l.told = append(l.told, picture.name)
	etag, err := l.m.Objects.Put(ctx, l.key, store.Object{Body: picture.data})
	l.format, l.exists = picture.format, true
	l.remember(event.Change{Kind: event.Created, ETag: etag})
	return err
}

func (l *life) remove(ctx context.Context) error {
	if !l.exists {
		return nil
	}
	l.told, l.exists = append(l.told, "delete"), false
	l.remember(event.Change{Kind: event.Removed})
	return l.m.Objects.Delete(ctx, l.key)
}

func (l *life) remember(c event.Change) {
	c.Bucket, c.Key, c.Region, c.Time, c.Size = machine.Bucket, l.key, bucket.Region, time.Now().UTC(), -1
	payload, err := event.S3Notification(c)
	if err != nil {
		panic(err)
	}
	l.events = append(l.events, payload)
}

// again sends an event that was sent before, late and out of order.
func (l *life) again() error {
	if len(l.events) == 0 {
		return nil
	}
	l.told = append(l.told, "an old event")
	_, err := l.function().Enqueue(l.events[l.random.IntN(len(l.events))])
	return err
}

// function is either: they handle both kinds of change.
func (l *life) function() *lambda.Lambda {
	if l.random.IntN(2) == 0 {
		return l.m.Cleanup
	}
	return l.m.Lambda
}

// check says how what stands differs from what the original implies.
func (l *life) check(ctx context.Context) string {
	relative := strings.TrimPrefix(l.key, l.m.Config.Originals)
	want := map[string]string{}
	info, err := l.m.Objects.Head(ctx, l.key)
	if (err == nil) != l.exists {
		return fmt.Sprintf("the original: %v", err)
	}
	if l.exists {
		want["resized/manifest/"+relative+".json"] = info.ETag
		if l.format == "" {
			want["resized/failed/"+relative+".json"] = info.ETag
		} else {
			for _, p := range l.m.Config.Presets {
				format := p.Format
				if format == preset.Original {
					format = l.format
				}
				key, _ := l.m.Config.VariantKey(p, l.key, format)
				want[key] = info.ETag
			}
		}
	}
	got := map[string]string{}
	folder := filepath.ToSlash(filepath.Dir(relative)) + "/"
	tops := []string{"manifest", "failed"}
	for _, p := range l.m.Config.Presets {
		tops = append(tops, p.Name)
	}
	for _, top := range tops {
		for listed, err := range l.m.Objects.List(ctx, "resized/"+top+"/"+folder, "") {
			if err != nil {
				return err.Error()
			}
			there, err := l.m.Objects.Head(ctx, listed.Key)
			if err != nil {
				return err.Error()
			}
			got[listed.Key] = there.Metadata["presize-original-etag"]
		}
	}
	if !maps.Equal(want, got) {
		return fmt.Sprintf("%v stand, %v are implied", got, want)
	}
	return ""
}

// killNow kills processes of the functions at random moments, as Lambda does at a timeout or when memory runs out.
func killNow(ctx context.Context, random *rand.Rand) int {
	killed := 0
	for {
		select {
		case <-ctx.Done():
			return killed
		case <-time.After(time.Duration(20+random.IntN(200)) * time.Millisecond):
		}
		pids := functionProcesses()
		if len(pids) > 0 && syscall.Kill(pids[random.IntN(len(pids))], syscall.SIGKILL) == nil {
			killed++
		}
	}
}

// functionProcesses are this process's children that run a function.
func functionProcesses() []int {
	var pids []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		data, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		if !strings.Contains(string(data), "(bootstrap)") || len(fields) < 2 || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// settleAll waits until nothing is left to do, and has the dead letters handled again, as somebody does who has mended
// what killed the processes.
func settleAll(t *testing.T, m *machine.Machine, seen map[*lambda.Lambda]int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for again := true; again; {
		time.Sleep(300 * time.Millisecond) // removals are gathered for a moment before they reach the function
		if err := m.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		again = false
		for _, l := range []*lambda.Lambda{m.Lambda, m.Cleanup} {
			letters := l.DeadLetters()
			for _, letter := range letters[seen[l]:] {
				again = true
				if _, err := l.Enqueue(letter.Payload); err != nil {
					t.Fatal(err)
				}
			}
			seen[l] = len(letters)
		}
	}
}
