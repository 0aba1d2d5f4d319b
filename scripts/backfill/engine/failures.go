package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Failure is an original that was given up on: one line of the failures file.
type Failure struct {
	Original string `json:"original"`
	Reason   string `json:"reason"`
	Error    string `json:"error,omitempty"`
	ETag     string `json:"etag,omitempty"`
}

// Failures is the file of a run's failures. It is made at the first one: a new run replaces an older run's file, a resumed
// one adds to it. A run that reads the very file writes beside it, and replaces it only when it has come to its end.
type Failures struct {
	Path    string
	Resumed bool
	Reads   bool // the run takes its originals from the same file
	Keeps   bool // with Reads: that file stays as it is, for only some presets of its originals are rendered

	mu    sync.Mutex
	file  *os.File
	count int64
}

// partial is where a run writes that reads Path.
func (f *Failures) partial() string { return f.Path + ".part" }

// Where is the file that the failures so far are in.
func (f *Failures) Where() string {
	if f.Reads {
		return f.partial()
	}
	return f.Path
}

// Check makes sure that the file can be written, without writing it.
func (f *Failures) Check() error {
	if err := writable(filepath.Dir(f.Path)); err != nil {
		return fmt.Errorf("failures could not be written to %s: %w; name another file with --failures", f.Path, err)
	}
	return nil
}

// Add writes a failure, by one write.
func (f *Failures) Add(failure Failure) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
		if !f.Resumed {
			how |= os.O_TRUNC
		}
		file, err := os.OpenFile(f.Where(), how, 0o644)
		if err != nil {
			return err
		}
		f.file = file
		if err := f.mend(); err != nil {
			return err
		}
	}
	text, err := json.Marshal(failure)
	if err != nil {
		return err
	}
	f.count++
	_, err = f.file.Write(append(text, '\n'))
	return err
}

// mend drops a torn last line, which a full disk left: its original has not ended, and comes again.
func (f *Failures) mend() error {
	whole, err := os.ReadFile(f.Where())
	if err != nil {
		return err
	}
	if end := bytes.LastIndexByte(whole, '\n') + 1; f.Resumed && end < len(whole) {
		return f.file.Truncate(int64(end))
	}
	return nil
}

// Close ends the file. finished says that the run has come to its end.
func (f *Failures) Close(finished bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.file != nil {
		err = f.file.Close()
	}
	if !f.Reads || !finished || err != nil {
		return err
	}
	ours := f.file != nil || f.Resumed // another run may have left a part
	if f.Keeps {
		if ours {
			err = remove(f.partial()) // what it lists, the file does
		}
		return err
	}
	if ours {
		if err = os.Rename(f.partial(), f.Path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// Nothing failed this time: what either lists is done.
	return errors.Join(os.Remove(f.Path), remove(f.partial()))
}

// remove deletes a file, if there is one.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
