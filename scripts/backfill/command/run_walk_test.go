package command_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/command"
)

// Ctrl-C ends a walk of which HEADs are in flight: what becomes of them is told to nobody who has left.
func TestRunLeavesHeads(t *testing.T) {
	bucket := store.NewMemory()
	for i := range 20 {
		_, _ = bucket.Put(t.Context(), fmt.Sprintf("originals/%02d.jpg", i), store.Object{Body: []byte("x")})
		if i > 0 {
			_, _ = bucket.Put(t.Context(), fmt.Sprintf("resized/small/%02d.jpg", i), store.Object{Body: []byte("x")})
		}
	}
	bucket.Hook(func(ctx context.Context, call store.Call) error {
		if call.Method == "Head" {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	config, err := preset.Load("presets.yaml", []byte("presets:\n  small: {width: 40}\n"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	taken := 0
	for item, err := range command.ItemsOf(ctx, config, bucket) {
		if taken++; err != nil || item.Key != "originals/00.jpg" {
			t.Errorf("%+v, %v", item, err)
		}
		time.Sleep(20 * time.Millisecond) // HEADs are sent
		cancel()
		time.Sleep(20 * time.Millisecond) // and fail
		break
	}
	if taken != 1 {
		t.Errorf("%d were taken", taken)
	}
}

// --since 24h is of the run that is resumed.
func TestRunSinceResumed(t *testing.T) {
	s := serve(t, 2)
	at := place(t, s)
	at = append(at, "--since", "1h")
	checkpoint := at[slices.Index(at, "--checkpoint")+1]
	var once sync.Once
	s.onPut = func(string) {
		once.Do(func() {
			_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
			time.Sleep(100 * time.Millisecond) // until it is heard
		})
	}
	expect(t, append(slices.Clone(at), "--in-flight", "1"), 130)
	text, err := os.ReadFile(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	header, rest, _ := strings.Cut(string(text), "\n")
	begin := strings.Index(header, `"started":"`) + len(`"started":"`)
	end := begin + strings.IndexByte(header[begin:], '"')
	started, err := time.Parse(time.RFC3339Nano, header[begin:end])
	if err != nil || time.Since(started) > time.Minute {
		t.Fatalf("started %v, %v", started, err)
	}
	for hours, want := range map[int]string{+2: "Nothing to do.", -2: "1 originals of"} {
		moved := header[:begin] + started.Add(time.Duration(hours)*time.Hour).Format(time.RFC3339Nano) + header[end:]
		if err := os.WriteFile(checkpoint, []byte(moved+"\n"+rest), 0o644); err != nil {
			t.Fatal(err)
		}
		expect(t, append(slices.Clone(at), "--dry-run"), 0, "Resuming: 1 originals had ended", want)
	}
}

// With --preset the failures file that is read stays: of its originals only some presets were rendered.
func TestRunFromFileOfOnePreset(t *testing.T) {
	s := serve(t, 2)
	at := place(t, s)
	failures := at[len(at)-1]
	s.fail(t, "originals/1.jpg")
	expect(t, at, 1, "1 failed")
	before, _ := os.ReadFile(failures)
	_, _ = s.Put(t.Context(), "originals/1.jpg", store.Object{Body: s.body(t, "originals/0.jpg")})
	expect(t, append(slices.Clone(at), "--from", failures, "--preset", "tiny"), 0, "1 variants written")
	if after, err := os.ReadFile(failures); err != nil || string(after) != string(before) {
		t.Errorf("the file has %q, %v", after, err)
	}
	expect(t, append(slices.Clone(at), "--from", failures), 0, "1 variants written")
	if left, _ := filepath.Glob(failures + "*"); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}
