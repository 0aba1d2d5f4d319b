package invocation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// processTime is what a process has taken of the CPUs, user and system, those of its threads that ended included: by
// the clock of clock_getcpuclockid(3), which counts ns where /proc counts ticks of 10 ms.
func processTime(pid int) (time.Duration, error) {
	const scheduled = 2 // CPUCLOCK_SCHED, of a process
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &at); err != nil {
		return 0, fmt.Errorf("the CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(at.Nano()), nil
}

// dropFromCache takes a program, and everything in its folder, out of the page cache. It cannot take out what a process
// has mapped.
func dropFromCache(program, folder string) error {
	return errors.Join(drop(program), filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		return drop(path)
	}))
}

func drop(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if err := unix.Fdatasync(int(file.Fd())); err != nil { // what is not written yet stays
		return fmt.Errorf("writing %s to the disk: %w", path, err)
	}
	if err := unix.Fadvise(int(file.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return fmt.Errorf("dropping %s from the page cache: %w", path, err)
	}
	return nil
}

// readFromDisk is how many bytes a process that has ended had to read from a disk.
func readFromDisk(state *os.ProcessState) int64 {
	const block = 512
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return usage.Inblock * block
	}
	return 0
}
