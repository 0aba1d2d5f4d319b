package main_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

// TestBackfillKilled kills a run ten times, at random moments. In the end every variant is there, and none was rendered twice
// but those in flight at a kill.
func TestBackfillKilled(t *testing.T) {
	t.Parallel()
	const originals, kills, inFlight = 150, 10, 4
	s := newSite(t, "killed", twoPresets)
	body := photo(t)
	if err := each(originals, func(i int) error {
		_, err := s.objects.Put(t.Context(), s.config.Originals+place(i)+".jpg", store.Object{Body: body})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	f := newFront(t, s)
	args := []string{"run", "--in-flight", strconv.Itoa(inFlight), "--sample", "0"}
	for range kills {
		s.kill(t, f, args)
		f.next()
	}
	s.backfill(t, 0, args, "Resuming: ", "variants written")
	s.complete(t)
	s.backfill(t, 0, args, "Nothing to do")

	// An original is read, or one of its variants written, in more than one phase only if it was in flight when the first of
	// them ended.
	for what, requests := range map[string][]request{"read": f.requests(http.MethodGet), "written": f.requests(http.MethodPut)} {
		last := map[string]int{} // the phase that a key was seen in
		again := map[int]map[string]bool{}
		for _, r := range requests {
			read := strings.HasPrefix(r.key, s.config.Originals)
			if what == "read" != read || what == "written" && !s.isVariant(r.key) {
				continue
			}
			phase, seen := last[r.key]
			last[r.key] = r.phase
			if !seen {
				continue
			}
			if phase == r.phase {
				t.Errorf("%s: %s twice by one run", r.key, what)
			}
			original := r.key
			if what == "written" {
				_, original, _ = strings.Cut(strings.TrimPrefix(r.key, s.config.Resized), "/")
				original = strings.TrimSuffix(original, filepath.Ext(original))
			}
			if again[phase] == nil {
				again[phase] = map[string]bool{}
			}
			again[phase][original] = true
		}
		total := 0
		for phase, originals := range again {
			total += len(originals)
			if len(originals) > inFlight {
				t.Errorf("phase %d: %d originals were %s again, and %d were in flight at most: %v", phase, len(originals), what, inFlight, originals)
			}
		}
		t.Logf("%d originals were %s again after %d kills", total, what, kills)
	}
}

// kill runs the backfill and kills it: shortly after its first request, or some writes later.
func (s *site) kill(t *testing.T, f *front, args []string) {
	t.Helper()
	left := rand.IntN(16)
	now := make(chan struct{})
	var mu sync.Mutex
	var once sync.Once
	f.set(2*time.Millisecond, func(r *http.Request) harm {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodPut {
			left--
		}
		if left <= 0 {
			once.Do(func() { close(now) })
		}
		return none
	})
	command := s.command(t.Context(), args...)
	out := &strings.Builder{}
	command.Stdout, command.Stderr = out, out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-now:
	case err := <-ended:
		t.Fatalf("it ended before it was killed: %v\n%s", err, out)
	}
	time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	_ = command.Process.Kill()
	if err, ok := errors.AsType[*exec.ExitError](<-ended); !ok || err.ExitCode() != -1 {
		t.Fatalf("it ended before it was killed: %v\n%s", err, out)
	}
}

// TestBackfillBadS3 has S3 answer 503 to a tenth of the requests, and cuts connections in the middle of a body, both ways, or
// before the answer. Every variant arrives as it should be, and nothing tells of it but the number of retries.
func TestBackfillBadS3(t *testing.T) {
	t.Parallel()
	const copies = 8
	folder := filepath.Join(root, "testdata", "originals")
	files := []string{"photos/cat.jpg", "photos/coffee.jpg", "photos/rocket.jpg", "logos/dark.png", "phones/orientation-6.jpg"}
	presets := twoPresets + "  large: {width: 720}\n"
	good, bad := newSite(t, "good-s3", presets), newSite(t, "bad-s3", presets)
	for _, file := range files {
		body, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		good.put(t, good.config.Originals+file, body)
		for i := range copies {
			bad.put(t, bad.config.Originals+fmt.Sprint(i)+"/"+file, body)
		}
	}
	good.backfill(t, 0, []string{"run"})
	want := good.variants(t, false)

	f := newFront(t, bad)
	var mu sync.Mutex
	done := map[harm]int{}
	all, lists, gets, puts := 0, 0, 0, 0
	f.set(0, func(r *http.Request) harm {
		mu.Lock()
		defer mu.Unlock()
		what := none
		all++
		switch {
		case all%10 == 5:
			what = slowDown
		case r.URL.Query().Has("list-type"):
			if lists++; lists%8 == 4 {
				what = cutAnswer
			}
		case r.Method == http.MethodGet:
			if gets++; gets%20 == 3 { // of 40
				what = cutAnswer
			}
		case r.Method == http.MethodPut:
			if puts++; puts%50 == 10 { // of 120 and more
				what = cutRequest
			} else if puts%50 == 30 {
				what = loseAnswer
			}
		}
		done[what]++
		return what
	})
	e := bad.backfill(t, 0, []string{"run", "--via", "here"}, "40 originals rendered")
	f.next()
	retries := regexp.MustCompile(`(\d+) retries, (\d+) of them throttled`).FindStringSubmatch(e.out)
	if retries == nil || done[slowDown] == 0 || done[cutAnswer] == 0 || done[cutRequest] == 0 || done[loseAnswer] == 0 {
		t.Fatalf("harm done: %v\n%s", done, e.out)
	}
	// The two LISTs that reach the buckets are sent before the run counts.
	retried, _ := strconv.Atoi(retries[1])
	throttled, _ := strconv.Atoi(retries[2])
	if harmed := all - done[none]; retried < throttled || retried > harmed || throttled < done[slowDown]-4 || throttled > done[slowDown] {
		t.Errorf("%s of %d requests; the harm done was %v", retries[0], all, done)
	}
	t.Logf("%s of %d requests; the harm done was %v", retries[0], all, done)
	if text := strings.ToLower(e.out + e.messages); strings.Contains(text, "error") || regexp.MustCompile(`[1-9]\d* failed`).MatchString(text) {
		t.Errorf("it tells of more:\n%s%s", e.out, e.messages)
	}
	if _, err := os.Stat(filepath.Join(bad.folder, "presize-failures.jsonl")); err == nil {
		t.Error("there is a file of failures")
	}
	f.set(0, nil)
	bad.complete(t)
	got := bad.variants(t, false)
	if len(got) != copies*len(want) {
		t.Errorf("%d variants, want %d", len(got), copies*len(want))
	}
	for key, info := range got {
		preset, name, _ := strings.Cut(strings.TrimPrefix(key, bad.config.Resized), "/")
		_, name, _ = strings.Cut(name, "/")
		if same := want[bad.config.Resized+preset+"/"+name]; info.ETag != same.ETag {
			t.Errorf("%s: %s of %d bytes, want %s of %d", key, info.ETag, info.Size, same.ETag, same.Size)
		}
	}
}

// TestBackfillMaxCost refuses a plan that costs too much, naming both numbers, before anything is written.
func TestBackfillMaxCost(t *testing.T) {
	t.Parallel()
	s := newSite(t, "dear", twoPresets)
	s.photos(t, 10)
	f := newFront(t, s)
	rate := []string{"--rate", "s3-put=1000"} // twenty PUTs are twenty dollars
	cost := s.plan(t, rate...).Run.Estimates["here"].Dollars
	if cost < 20 {
		t.Fatalf("the plan costs $%f", cost)
	}
	s.backfill(t, 1, append(rate, "run", "--max-cost", "0.01"), fmt.Sprintf("$%.4f", cost), "$0.0100", "nothing was rendered")
	s.backfill(t, 0, append(rate, "run", "--dry-run"), "20 variants to write", "--dry-run", place(3)+".jpg: small, thumbnail\n")
	if n := f.writes(); n != 0 || len(s.all(t, s.config.Resized, false)) != 0 {
		t.Errorf("%d writes", n)
	}
	s.backfill(t, 0, append(rate, "run", "--max-cost", fmt.Sprint(2*cost)), "20 variants written")
	s.complete(t)
}

// TestBackfillFailures renders what can be, and takes the failures again from their file until there are none.
func TestBackfillFailures(t *testing.T) {
	t.Parallel()
	s := newSite(t, "failures", twoPresets)
	s.photos(t, 6)
	one, other := s.config.Originals+"text.jpg", s.config.Originals+"half.jpg"
	s.put(t, one, []byte("no image"))
	s.put(t, other, []byte("no image either"))
	s.backfill(t, 1, []string{"run"}, "6 originals rendered, 12 variants written", "2 failed: 2 not-an-image", "--from presize-failures.jsonl")
	s.complete(t, one, other)
	file := filepath.Join(s.folder, "presize-failures.jsonl")
	for _, step := range []struct {
		mended string
		code   int
		left   []string
	}{
		{one, 1, []string{other}},
		{other, 0, nil},
	} {
		s.put(t, step.mended, photo(t))
		f := newFront(t, s)
		s.backfill(t, 0, []string{"run", "--from", file, "--dry-run"}, step.mended+": ")
		if n := f.writes(); n != 0 {
			t.Errorf("a dry run wrote %d times", n)
		}
		s.backfill(t, step.code, []string{"run", "--from", file}, "1 originals rendered, 2 variants written")
		s.complete(t, step.left...)
		text, err := os.ReadFile(file)
		if len(step.left) == 0 {
			if err == nil {
				t.Errorf("the file of failures is left:\n%s", text)
			}
			continue
		}
		if !strings.Contains(string(text), `"original":"`+step.left[0]+`","reason":"not-an-image"`) || strings.Contains(string(text), step.mended) {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

// TestBackfillDoctor finds what is wrong, mends it, and finds nothing any more.
func TestBackfillDoctor(t *testing.T) {
	t.Parallel()
	s := newSite(t, "ill", twoPresets)
	s.photos(t, 6)
	s.backfill(t, 0, []string{"run"})
	s.backfill(t, 0, []string{"doctor"})
	small := s.config.PredictKeys(s.config.Presets[0], s.config.Originals+place(0)+".jpg")[0]
	s.remove(t, small)
	s.put(t, s.config.Originals+place(1)+".jpg", append(photo(t), 0)) // its variants are stale
	s.remove(t, s.config.Originals+place(2)+".jpg")                   // its variants are orphans
	foreign := s.config.Resized + "small/readme.txt"
	s.put(t, foreign, []byte("nobody's variant"))
	f := newFront(t, s)
	e := s.backfill(t, 1, []string{"doctor"}, "missing", "stale", "orphan")
	if f.writes() != 0 {
		t.Errorf("%d writes by\n%s", f.writes(), e.out)
	}
	s.backfill(t, 1, []string{"doctor", "--repair"}) // orphans are left
	s.backfill(t, 0, []string{"doctor", "--prune", "--yes"})
	s.backfill(t, 0, []string{"doctor"})
	left := s.all(t, foreign, false)
	if len(left) != 1 {
		t.Error("what Presize did not write was deleted")
	}
	s.remove(t, foreign)
	s.complete(t)
}

func (s *site) remove(t testing.TB, key string) {
	t.Helper()
	if err := s.objects.Delete(context.WithoutCancel(t.Context()), key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.objects.Head(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%s after it was deleted: %v", key, err)
	}
}
