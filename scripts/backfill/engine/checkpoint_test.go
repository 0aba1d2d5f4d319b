package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

var about = []engine.Field{{Name: "--bucket", Value: "photos"}, {Name: "--only", Value: "stale"}}

func open(t *testing.T, j engine.Journal, about []engine.Field, anew bool) *engine.Checkpoint {
	t.Helper()
	c, err := engine.OpenCheckpoint(t.Context(), j, about, anew)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Both journals keep what has ended, and nothing once the run has come to its end.
func TestCheckpoint(t *testing.T) {
	bucket := store.NewMemory()
	path := filepath.Join(t.TempDir(), "new folder", "photos.checkpoint")
	for title, journal := range map[string]func() engine.Journal{
		"file":   func() engine.Journal { return &engine.FileJournal{Path: path} },
		"object": func() engine.Journal { return &engine.ObjectJournal{Bucket: bucket, Name: "s3://photos/x", Key: "x"} },
	} {
		t.Run(title, func(t *testing.T) {
			c := open(t, journal(), about, false)
			if err := c.Begin(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i := range 6 {
				c.Listed(name(i))
			}
			for _, i := range []int{0, 1, 3} {
				if err := c.End(t.Context(), name(i), i == 1); err != nil {
					t.Fatal(err)
				}
			}
			c.Pass(name(4))
			if err := c.Close(t.Context()); err != nil {
				t.Fatal(err)
			}

			c = open(t, journal(), about, false)
			if c.Before() != (engine.Count{Ended: 3, Failed: 1}) || c.Through() != name(1) {
				t.Errorf("it resumes after %+v, %q", c.Before(), c.Through())
			}
			for i, want := range []bool{2: false, 3: true, 4: false, 5: false} {
				if got := c.Ended(name(i)); got != want {
					t.Errorf("%d has ended: %v", i, got)
				}
				if i >= 2 && c.Listed(name(i)) != want {
					t.Errorf("%d is left out: %v", i, !want)
				}
			}
			if err := c.Finish(t.Context()); err != nil {
				t.Fatal(err)
			}
			if c := open(t, journal(), about, false); c.Before().Ended != 0 {
				t.Errorf("a finished run left %+v", c.Before())
			}
		})
	}
}

func TestCheckpointForeign(t *testing.T) {
	j := &journal{}
	c := open(t, j, about, false)
	if err := c.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := []engine.Field{{Name: "--bucket", Value: "photos"}, {Name: "--only", Value: "all"}}
	_, err := engine.OpenCheckpoint(t.Context(), j, other, false)
	var foreign *engine.ForeignError
	if !errors.As(err, &foreign) || !strings.Contains(err.Error(), `--only was "stale" and is "all"`) || !strings.Contains(err.Error(), "--restart") {
		t.Errorf("error %v", err)
	}
	if strings.Contains(err.Error(), "--bucket") {
		t.Errorf("it names what is the same: %v", err)
	}
	if c := open(t, j, other, true); c.Before().Ended != 0 {
		t.Error("--restart resumes")
	}
}

func TestCheckpointUnreadable(t *testing.T) {
	header := `{"presizeCheckpoint":1,"about":[{"name":"--bucket","value":"photos"},{"name":"--only","value":"stale"}]}` + "\n"
	for name, c := range map[string]struct {
		data, says string
		ended      int64
	}{
		"empty":           {"", "", 0},
		"torn header":     {header[:20], "", 0},
		"header alone":    {header, "", 0},
		"torn line":       {header + `{"done":"a"}` + "\n" + `{"done":"b`, "", 1},
		"torn at the end": {header + `{"done":"a"}`, "", 0},
		"twice":           {header + strings.Repeat(`{"done":"a"}`+"\n", 2), "", 1},
		"no header":       {`{"done":"a"}` + "\n", "line 1 of", 0},
		"something else":  {"hello\nworld\n", "line 1 of", 0},
		"broken inside":   {header + "{\n" + `{"done":"b"}` + "\n", "line 2 of", 0},
		"newer":           {strings.Replace(header, "1", "2", 1), "has version 2", 0},
	} {
		t.Run(name, func(t *testing.T) {
			checkpoint, err := engine.OpenCheckpoint(t.Context(), &journal{data: []byte(c.data)}, about, false)
			switch {
			case c.says != "":
				if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "--restart") {
					t.Errorf("error %v, want %q", err, c.says)
				}
			case err != nil:
				t.Error(err)
			case checkpoint.Before().Ended != c.ended:
				t.Errorf("%+v, want %d", checkpoint.Before(), c.ended)
			}
		})
	}
}

// A place that cannot be written is an error before anything is rendered.
func TestCheckpointUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := engine.OpenCheckpoint(t.Context(), &engine.FileJournal{Path: filepath.Join(file, "x")}, about, false)
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "--checkpoint") {
		t.Errorf("error %v", err)
	}
	bucket := store.NewMemory()
	bucket.Hook(func(_ context.Context, call store.Call) error {
		if call.Method == "Put" {
			return store.ErrDenied
		}
		return nil
	})
	c := open(t, &engine.ObjectJournal{Bucket: bucket, Name: "s3://photos/x", Key: "x"}, about, false)
	if err := c.Begin(t.Context()); !errors.Is(err, store.ErrDenied) || !strings.Contains(err.Error(), "s3://photos/x") {
		t.Errorf("error %v", err)
	}
}

// Two runs on one checkpoint would undo each other's. Looking at one writes nothing.
func TestCheckpointLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	first := open(t, &engine.FileJournal{Path: path}, about, false)
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("looking at it left it")
	}
	first = open(t, &engine.FileJournal{Path: path}, about, false)
	if _, err := engine.OpenCheckpoint(t.Context(), &engine.FileJournal{Path: path}, about, false); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("before anything is written: error %v", err)
	}
	for range 2 { // a journal that was written anew is locked as well
		if err := first.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := engine.OpenCheckpoint(t.Context(), &engine.FileJournal{Path: path}, about, false); err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("error %v", err)
		}
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	open(t, &engine.FileJournal{Path: path}, about, false)
}

// The journal of a long run stays short, and every compaction says the same as before.
func TestCheckpointCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	c := open(t, &engine.FileJournal{Path: path}, about, false)
	if err := c.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	const n = 25_000
	for i := range n {
		key := "originals/" + strconv.Itoa(1_000_000+i)
		c.Listed(key)
		if err := c.End(t.Context(), key, false); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 10_001*40 {
		t.Errorf("%v bytes, %v", info.Size(), err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Size() > 500 {
		t.Errorf("%d bytes at last", info.Size())
	}
	if c := open(t, &engine.FileJournal{Path: path}, about, false); c.Before().Ended != n || c.Through() != "originals/1024999" {
		t.Errorf("%+v, through %q", c.Before(), c.Through())
	}
}

// A journal in a bucket is put now and then, not for every original.
func TestObjectJournalIsPutSeldom(t *testing.T) {
	j := &engine.ObjectJournal{}
	if j.Due(1_000_000, time.Second) || !j.Due(1, 5*time.Second) {
		t.Error("after a second, or not after five")
	}
}
