package command_test

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/command"
)

// leftovers is a bucket with one thing of each kind that --prune deletes, and with something foreign.
func leftovers(t *testing.T) *ward {
	w := openWard(t)
	fine := w.well("fine")
	w.variant("tiny/gone.webp", store.Info{Key: "originals/gone.jpg"}, "tiny")
	w.variant("poster/fine.jpg", fine, "poster")
	w.variant("tiny/fine.jpg", fine, "tiny")
	w.put("resized/small/robots.jpg", nil, "", nil)
	return w
}

var prunable = []string{"resized/poster/fine.jpg", "resized/tiny/fine.jpg", "resized/tiny/gone.webp"}

func TestDoctorPrune(t *testing.T) {
	w := leftovers(t)
	expect(t, append(w.args, "--prune", "--dry-run"), 1, "orphan resized/tiny/gone.webp: of originals/gone.jpg\n",
		"3 objects to delete, ", "Nothing was deleted: --dry-run.", "3 findings")
	if len(w.deleted) > 0 {
		t.Errorf("a dry run deleted %q", w.deleted)
	}
	expect(t, append(w.args, "--prune", "--yes"), 0, "dropped resized/poster/fine.jpg", "deleted resized/tiny/fine.jpg\n",
		"3 objects deleted, ", "; 0 left.", "All is well", "foreign: 1 object was not written by Presize.")
	slices.Sort(w.deleted)
	if diff := cmp.Diff(prunable, w.deleted); diff != "" {
		t.Errorf("deleted (-want +got)\n%s", diff)
	}
	expect(t, append(w.args, "--prune", "--yes"), 0, "Nothing to delete.")
}

func TestDoctorPruneAsks(t *testing.T) {
	w := leftovers(t)
	expect(t, append(w.args, "--prune"), 2, "there is no terminal to ask on: nothing was looked at or deleted", "--dry-run", "--yes")
	for _, answer := range []string{"", "\n", "n\n", "never\n"} {
		out, err := w.asked(answer, "--prune", "--list", "0")
		if err == nil || !strings.Contains(out, "orphan: 1 more; --dry-run lists all\n") || !strings.Contains(out, "Delete them? [y/N] Nothing was deleted.") {
			t.Errorf("%q: %v, %s", answer, err, out)
		}
	}
	if len(w.deleted) > 0 {
		t.Errorf("without a yes it deleted %q", w.deleted)
	}
	if out, err := w.asked("Yes\n", "--prune"); err != nil || len(w.deleted) != len(prunable) {
		t.Errorf("%v, deleted %q, %s", err, w.deleted, out)
	}
}

// TestDoctorPruneLooksAgain changes the bucket while the person reads what would go.
func TestDoctorPruneLooksAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(w *ward)
		key    string
		why    string
	}{
		{"the original comes back", func(w *ward) { w.original("gone.jpg") }, "resized/tiny/gone.webp", `its original "originals/gone.jpg" is back`},
		{"another original takes the key", func(w *ward) {
			w.variant("tiny/gone.webp", w.original("gone.png"), "tiny")
		}, "resized/tiny/gone.webp", `it is a variant of "originals/gone.png" now`},
		{"another orphan takes the key", func(w *ward) {
			w.variant("tiny/gone.webp", store.Info{Key: "originals/gone.gif"}, "tiny")
		}, "resized/tiny/gone.webp", `it is a variant of "originals/gone.gif" now`},
		{"something foreign takes the key", func(w *ward) { w.put("resized/poster/fine.jpg", nil, "", nil) }, "resized/poster/fine.jpg",
			"Presize did not write what stands there now"},
		{"another deletes it", func(w *ward) { _ = w.Delete(context.Background(), "resized/tiny/gone.webp") }, "resized/tiny/gone.webp", "it is gone already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := leftovers(t)
			out, err := w.during(func() { c.change(w) })
			if !strings.Contains(out, "left "+c.key+": "+c.why+"\n") || slices.Contains(w.deleted, c.key) || len(w.deleted) != len(prunable)-1 {
				t.Errorf("%v, deleted %q\n%s", err, w.deleted, out)
			}
		})
	}
}

// TestDoctorPruneSuperseded holds that of two variants of one preset the older stays for as long as the newer is not right: an
// original that changes its format makes it the right one again.
func TestDoctorPruneSuperseded(t *testing.T) {
	w := openWard(t)
	o := w.original("a.jpg")
	w.variant("tiny/a.webp", o, "tiny")
	w.variant("small/a.jpg", o, "small")
	w.variant("small/a.png", o, "small", "original-etag", "older")
	expect(t, w.args, 1, "superseded: 1 variant stands")
	out, err := w.during(func() { w.put("originals/a.jpg", photo(50, 50), "", nil) })
	if !strings.Contains(out, `left resized/small/a.png: no other variant shows "originals/a.jpg" as it is now; render it first, with --repair`) || len(w.deleted) > 0 {
		t.Errorf("%v, deleted %q\n%s", err, w.deleted, out)
	}
	expect(t, append(w.args, "--repair", "--prune", "--yes", "--failures", t.TempDir()+"/f"), 0, "All is well")
	if w.there("resized/small/a.png") {
		t.Error("it stays though another shows the original")
	}
}

// TestDoctorPruneNewTemplate holds that after a change of the key template what pages show stays until it is rendered anew.
func TestDoctorPruneNewTemplate(t *testing.T) {
	w := openWard(t)
	w.well("a")
	w.well("b")
	presets := w.args[slices.Index(w.args, "--presets")+1]
	text, err := os.ReadFile(presets)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(presets, append(text, "\nkey: \"{preset}/{dir}{file}.{ext}\"\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, append(w.args, "--prune", "--yes"), 1, "superseded", "no other variant shows", "0 objects deleted")
	if len(w.deleted) > 0 {
		t.Errorf("deleted %q", w.deleted)
	}
	expect(t, append(w.args, "--repair", "--prune", "--yes", "--failures", t.TempDir()+"/f"), 0, "4 objects deleted", "All is well")
}

// TestDoctorPruneInterrupted holds that Ctrl-C at the question is no answer to it.
func TestDoctorPruneInterrupted(t *testing.T) {
	w := leftovers(t)
	answers, _ := io.Pipe()
	out := &question{asked: make(chan struct{})}
	go func() {
		<-out.asked
		_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	}()
	err := command.Asked(context.Background(), answers, out, append(w.args[1:], "--prune")...)
	if code := command.CodeOf(err); code != 130 || len(w.deleted) > 0 || !strings.Contains(out.String(), "Nothing was deleted.") {
		t.Errorf("exit code %d, %v, deleted %q\n%s", code, err, w.deleted, out)
	}
}

// TestDoctorPruneJSON holds that --json tells what was done, and that a deletion that fails is told.
func TestDoctorPruneJSON(t *testing.T) {
	w := leftovers(t)
	w.well("back")
	w.variant("poster/back.jpg", store.Info{Key: "originals/none.jpg"}, "poster")
	var once sync.Once
	w.onHead = func(key string) {
		if w.heads[key] > 1 { // the second is that before the deletion
			once.Do(func() { w.original("none.jpg") })
		}
	}
	s, stderr := w.says(1, "--prune", "--yes")
	if s.Pruned == nil || s.Pruned.Deleted+len(s.Pruned.Left) != 4 || !strings.Contains(stderr, "deleted resized/") {
		t.Errorf("%+v %s", s.Pruned, stderr)
	}
	for _, f := range s.Findings {
		if f.Kind == "orphan" {
			t.Errorf("still %+v", f)
		}
	}
	w.locked = true
	w.variant("tiny/gone.webp", store.Info{Key: "originals/gone.jpg"}, "tiny")
	expect(t, append(w.args, "--prune", "--yes"), 1, "deleting 2 objects, some of which may be gone", "s3:DeleteObject", "access denied", "0 objects deleted")
}

// during prunes on a terminal, and calls change after the question and before the answer.
func (w *ward) during(change func()) (string, error) {
	answers, typing := io.Pipe()
	out := &question{asked: make(chan struct{})}
	go func() {
		<-out.asked
		change()
		_, _ = typing.Write([]byte("y\n"))
	}()
	err := command.Asked(context.Background(), answers, out, append(w.args[1:], "--prune")...)
	return out.String(), err
}

// question is output that tells when something is asked.
type question struct {
	mu    sync.Mutex
	text  strings.Builder
	asked chan struct{}
}

func (q *question) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if strings.Contains(string(b), "[y/N]") {
		close(q.asked)
	}
	return q.text.Write(b)
}

func (q *question) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.text.String()
}
