package command_test

import (
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/command"
)

// ill has one of everything that can be wrong.
func ill(t *testing.T) *ward {
	w := openWard(t)
	w.well("fine")
	w.original("new.jpg")
	half := w.original("half.jpg")
	w.variant("small/half.jpg", half, "small")
	late := w.original("late.jpg")
	w.variant("small/late.jpg", late, "small", "original-etag", "older")
	w.variant("tiny/late.webp", late, "tiny", "fingerprint", "older")
	w.put("originals/torn.jpg", photo(60, 40)[:200], "", nil)
	w.put("originals/text.jpg", []byte("no image"), "", nil)
	w.put("originals/copy.jpg", photo(60, 40), "", w.mark(half, "small"))
	w.original("cover.jpg")
	w.put("resized/small/cover.jpg", nil, "", nil)
	odd := w.original("odd.jpg")
	w.variant("small/odd.jpg", odd, "small", "width", "400")
	w.variant("tiny/odd.webp", odd, "tiny", "preset", "small", "width", "0")
	w.variant("tiny/gone.webp", store.Info{Key: "originals/gone.jpg"}, "tiny")
	w.variant("poster/fine.jpg", store.Info{Key: "originals/fine.jpg"}, "poster")
	w.variant("tiny/fine.jpg", store.Info{Key: "originals/fine.jpg"}, "tiny")
	w.put("resized/robots.txt", nil, "", nil)
	return w
}

func TestDoctorFindsWhatIsPlanted(t *testing.T) {
	w := ill(t)
	s, _ := w.says(1)
	want := []string{
		"disagreeing resized/small/odd.jpg small size",
		"disagreeing resized/tiny/odd.webp tiny preset size",
		"dropped resized/poster/fine.jpg poster",
		"foreign resized/robots.txt",
		"foreign resized/small/cover.jpg",
		"missing originals/cover.jpg tiny",
		"missing originals/half.jpg tiny",
		"missing originals/new.jpg small",
		"missing originals/new.jpg tiny",
		"orphan resized/tiny/gone.webp tiny",
		"stale resized/small/late.jpg small original-changed",
		"stale resized/tiny/late.webp tiny preset-changed",
		"superseded resized/tiny/fine.jpg tiny",
		"taken resized/small/cover.jpg small",
		"unreadable originals/copy.jpg  is-a-variant",
		"unreadable originals/text.jpg  not-an-image",
		"unreadable originals/torn.jpg  corrupt",
	}
	if diff := cmp.Diff(want, s.lines()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if s.Well || s.Wrong != len(want)-2 {
		t.Errorf("well %v, %d wrong", s.Well, s.Wrong)
	}
	small := s.Presets[0]
	if small.Originals != 9 || small.UpToDate != 3 || *small.Coverage != 100*3.0/9 || small.Missing != 1 || small.Stale != 1 || small.Taken != 1 || small.Unreadable != 3 {
		t.Errorf("%+v", small)
	}
	// half and late are proven by a variant, and fine and odd lack nothing: new, cover, torn, text and copy are read.
	if s.Cost.Gets != 5 || s.Cost.BytesRead == 0 {
		t.Errorf("%+v", s.Cost)
	}
}

func TestDoctorTellsPeople(t *testing.T) {
	w := ill(t)
	expect(t, append(w.args, "--list", "1"), 1,
		"COVERAGE %", "  33.3  ", "Something is wrong: 15 findings.", "Looking took", "5 GETs",
		"missing: 4 variants are not there.", "and 3 more; --list N prints more",
		"$ backfill run --bucket photos --endpoint-url http://127.0.0.1:", "--presets ", " --index none ",
		"  reasons: 1 corrupt, 1 is-a-variant, 1 not-an-image\n", "doctor --bucket photos",
		"resized/small/odd.jpg: size: found the preset small, which makes 40 x 3 pixels of that, recorded 400 x 27 pixels",
		"--prune\n", "&& backfill run --bucket photos", "foreign: 2 objects were not written by Presize.")
	expect(t, append(w.args, "--list", "-1"), 2, "--list is -1; 0 or more is right")
}

func TestDoctorUnreadable(t *testing.T) {
	w := openWard(t)
	w.well("fine")
	expect(t, w.args, 0, "All is well: every variant is up to date, and nothing is left over.", " 100.0 ", "0 GETs (0 B read)")
	w.denied = true
	expect(t, append(w.args, "--deep"), 1, "Nothing that was read is wrong, and there is no verdict on 2 objects: look again.", "access denied")
	w.denied = false
	w.put("originals/text.jpg", []byte("no image"), "", nil)
	expect(t, w.args, 1, "1 original can never be rendered", "originals/text.jpg: not-an-image: no known image format", "--allow-unreadable\n")
	expect(t, append(w.args, "--allow-unreadable"), 0, "All is well, but for the originals that can never be rendered.", "  50.0 ")
	s, _ := w.says(1, "--no-read")
	if diff := cmp.Diff([]string{"missing originals/text.jpg small", "missing originals/text.jpg tiny"}, s.lines()); diff != "" || s.Cost.Gets != 0 {
		t.Errorf("%d GETs\n%s", s.Cost.Gets, diff)
	}
	w.denied = true
	s, _ = w.says(1)
	if len(s.Findings) != 2 || s.Findings[0].Kind != "missing" {
		t.Errorf("what could not be read: %+v", s.Findings)
	}
	expect(t, w.args, 1, "1 objects could not be read, which says nothing of them", "access denied", "originals/text.jpg: tiny")
}

func TestDoctorSelection(t *testing.T) {
	w := ill(t)
	for _, c := range []struct {
		flags string
		want  []string
	}{
		{"--match ha*.jpg", []string{"missing originals/half.jpg tiny"}},
		{"--prefix gone", []string{"orphan resized/tiny/gone.webp tiny"}},
		{"--match gone.jpg", []string{"orphan resized/tiny/gone.webp tiny"}},
		{"--prefix new --preset tiny", []string{"missing originals/new.jpg tiny"}},
		{"--since 1h --prefix gone", []string{}},
	} {
		t.Run(c.flags, func(t *testing.T) {
			code := 1
			if len(c.want) == 0 {
				code = 0
			}
			s, _ := w.says(code, strings.Fields(c.flags)...)
			if diff := cmp.Diff(c.want, s.lines()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDoctorDeep(t *testing.T) {
	w := openWard(t)
	o := w.original("a.jpg")
	expect(t, append(w.args, "--repair", "--failures", t.TempDir()+"/f"), 0, "1 originals rendered, 2 variants written", "All is well")
	// The stand-in of a run keeps no types.
	for _, key := range []string{"resized/small/a.jpg", "resized/tiny/a.webp"} {
		info, body, err := w.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, info.Size)
		_, _ = body.Read(data)
		w.put(key, data, map[bool]string{true: "image/webp", false: "image/jpeg"}[strings.HasSuffix(key, "webp")], info.Metadata)
	}
	s, _ := w.says(0, "--deep")
	if s.Cost.Gets != 2 {
		t.Errorf("%d GETs", s.Cost.Gets)
	}
	w.put("resized/small/a.jpg", photo(39, 27), "image/png", w.mark(o, "small"))
	w.put("resized/tiny/a.webp", []byte("torn"), "image/webp", w.mark(o, "tiny"))
	s, _ = w.says(1, "--deep")
	want := []string{"disagreeing resized/small/a.jpg small size type", "disagreeing resized/tiny/a.webp tiny image"}
	if diff := cmp.Diff(want, s.lines()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	expect(t, append(w.args, "--deep"), 1, "size: found 39 x 27 pixels, recorded 40 x 27 pixels; type: found image/jpeg, recorded the Content-Type \"image/png\"",
		"$ aws s3 rm --endpoint-url http://127.0.0.1", " s3://photos/resized/small/a.jpg && backfill run --bucket photos")
	w.put("resized/tiny/a.webp", photo(20, 13), "image/jpeg", w.mark(o, "tiny"))
	s, _ = w.says(1, "--deep", "--preset", "tiny")
	if diff := cmp.Diff([]string{"disagreeing resized/tiny/a.webp tiny type"}, s.lines()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDoctorRepair(t *testing.T) {
	w := ill(t)
	failures := t.TempDir() + "/failures"
	expect(t, append(w.args, "--repair", "--dry-run"), 1, "originals/new.jpg: small, tiny\n", "--dry-run", "missing: 4 variants")
	if all, _ := w.written(); all != 0 {
		t.Errorf("a dry run wrote %d times", all)
	}
	s, stderr := w.says(1, "--repair", "--failures", failures)
	for _, line := range s.lines() {
		if strings.HasPrefix(line, "missing") || strings.HasPrefix(line, "stale") {
			t.Errorf("still %s", line)
		}
	}
	if !strings.Contains(stderr, "variants written") || !strings.Contains(stderr, "--from "+failures) || s.Presets[0].Unreadable != 3 {
		t.Errorf("%s %+v", stderr, s.Presets)
	}
	w.config, _ = preset.Load("presets.yaml", []byte(wardPresets))
	if !w.there("resized/tiny/half.webp") || !w.there("resized/small/new.jpg") {
		t.Error("nothing was rendered")
	}
}

// TestAllows holds that a preset allows what it makes of every original, and not what it cannot make of any.
func TestAllows(t *testing.T) {
	config, err := preset.Load("presets.yaml", []byte(`presets:
  wide:    {width: 368}
  box:     {width: 100, height: 50}
  cover:   {width: 10, height: 1000, fit: cover}
  fill:    {width: 150, height: 100, fit: fill}
  contain: {width: 64, height: 64, fit: contain}
  grown:   {width: 500, enlarge: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range config.Presets {
		for width := 1; width < 1200; width += 7 {
			for _, height := range []int{1, 2, 9, 49, 50, 51, 99, 149, 640, 5000, 80000} {
				w, h := command.Makes(p, width, height)
				if !command.Allows(p, w, h) {
					t.Fatalf("%s makes %d x %d of %d x %d, and does not allow it", p.Name, w, h, width, height)
				}
			}
		}
	}
	for name, never := range map[string][][2]int{
		"wide": {{369, 100}, {0, 0}, {-1, 5}, {5, 0}}, "box": {{101, 50}, {100, 51}}, "cover": {{11, 1000}, {10, 1001}, {9, 9}},
		"fill": {{151, 100}, {3, 100}}, "contain": {{64, 63}, {10, 10}}, "grown": {{499, 300}, {501, 300}},
	} {
		for _, p := range config.Presets {
			for _, size := range never {
				if p.Name == name && command.Allows(p, size[0], size[1]) {
					t.Errorf("%s allows %v", name, size)
				}
			}
		}
	}
}

// TestDoctorInterrupted holds that half a look gives no verdict.
func TestDoctorInterrupted(t *testing.T) {
	w := ill(t)
	var once sync.Once
	w.onHead = func(string) {
		once.Do(func() {
			_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
			time.Sleep(100 * time.Millisecond) // until it is heard
		})
	}
	code, stdout, stderr := run(t, append(w.args, "--heads", "1")...)
	if code != 130 || stdout != "" || !strings.Contains(stderr, "interrupted, and so there is no verdict") {
		t.Errorf("exit code %d, %s%s", code, stdout, stderr)
	}
}

// TestDoctorKeyTooLong holds that a variant that no run can write is told apart.
func TestDoctorKeyTooLong(t *testing.T) {
	w := openWard(t)
	w.original(strings.Repeat("a", 1008) + ".jpg") // small's key would have 1,026 bytes
	expect(t, w.args, 1, "reasons: 2 key-too-long", "its key would be longer than S3 takes; a shorter name is the way out")
}
