package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Journal is where a checkpoint is kept.
type Journal interface {
	// String names it as --checkpoint does.
	String() string
	// Load is what is there; nothing when there is none. It writes nothing, and keeps others out from then on.
	Load(ctx context.Context) ([]byte, error)
	// Append adds a line.
	Append(ctx context.Context, line []byte) error
	// Replace puts the whole in the place of what was there: all of it or nothing.
	Replace(ctx context.Context, whole []byte) error
	// Due says whether it is time for Replace, after so many lines and so much time since the last.
	Due(lines int, age time.Duration) bool
	// Remove ends it, once there is nothing left to resume.
	Remove(ctx context.Context) error
	// Close lets others use it.
	Close() error
}

// compactAfter is the lines after which the journal of a file is written anew: about a megabyte.
const compactAfter = 10_000

// FileJournal is a journal in a file, which is locked for as long as it is in use.
type FileJournal struct {
	Path string

	file *os.File
}

// String is the path.
func (j *FileJournal) String() string { return j.Path }

// Load locks and reads the file, which it makes if there is none, so that there is something to lock, and makes sure that Replace will be able to write.
func (j *FileJournal) Load(context.Context) ([]byte, error) {
	folder := filepath.Dir(j.Path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	if err := writable(folder); err != nil {
		return nil, err
	}
	for {
		file, err := os.OpenFile(j.Path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if same, err := standsAt(file, j.Path); err != nil || !same {
			if err = errors.Join(err, file.Close()); err != nil {
				return nil, err
			}
			continue
		}
		j.file = file
		return os.ReadFile(j.Path)
	}
}

// standsAt says whether a file that was opened is the one at the path still: between opening and locking, the run that had it may
// have replaced or removed it.
func standsAt(file *os.File, path string) (bool, error) {
	locked, err := file.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(locked, there), err
}

// writable finds out whether files can be made in a folder before hours of work depend on it.
func writable(folder string) error {
	probe, err := os.CreateTemp(folder, ".presize-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("%s is in use: the same run is under way; wait for it, or end it by Ctrl-C", file.Name())
	}
	return err
}

// Append writes the line by one write, which a kill does not tear from the ones before.
func (j *FileJournal) Append(_ context.Context, line []byte) error {
	_, err := j.file.Write(line)
	return err
}

// Replace writes a new file beside the old one, and renames it.
func (j *FileJournal) Replace(_ context.Context, whole []byte) (err error) {
	next, err := os.CreateTemp(filepath.Dir(j.Path), filepath.Base(j.Path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, next.Close(), os.Remove(next.Name()))
		}
	}()
	if _, err = next.Write(whole); err != nil {
		return err
	}
	if err = next.Sync(); err != nil {
		return err
	}
	if err = lock(next); err != nil {
		return err
	}
	if err = os.Rename(next.Name(), j.Path); err != nil {
		return err
	}
	old := j.file
	j.file = next
	if old == nil {
		return nil
	}
	return old.Close()
}

// Due bounds the file's size.
func (j *FileJournal) Due(lines int, _ time.Duration) bool { return lines >= compactAfter }

// Remove deletes the file, and unlocks it: another run may have its own there from now on.
func (j *FileJournal) Remove(context.Context) error {
	if err := remove(j.Path); err != nil || j.file == nil {
		return err
	}
	file := j.file
	j.file = nil
	return file.Close()
}

// Close unlocks the file. One that nothing was written to does not stay.
func (j *FileJournal) Close() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	var err error
	if info, unknown := file.Stat(); unknown == nil && info.Size() == 0 {
		err = remove(j.Path)
	}
	return errors.Join(err, file.Close())
}
