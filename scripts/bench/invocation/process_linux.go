package invocation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// keepOff keeps every thread of this process, and those to come, off a CPU. release lets them on it again.
func keepOff(cpu int) (release func() error, err error) {
	if cpu < 0 {
		return func() error { return nil }, nil
	}
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return nil, err
	}
	others := all
	others.Clear(cpu)
	switch {
	case !all.IsSet(cpu):
		return nil, errors.New("this process may not use it")
	case others.Count() == 0:
		return nil, errors.New("there is no other")
	}
	return func() error { return allow(&all) }, allow(&others)
}

// allow lets every thread of this process run on these CPUs. New threads take after the one that makes them, so it is
// done until there is no thread that has not been seen.
func allow(cpus *unix.CPUSet) error {
	for seen := map[int]bool{}; ; {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		before := len(seen)
		for _, thread := range threads {
			id, err := strconv.Atoi(thread.Name())
			if err != nil {
				return err
			}
			if err := unix.SchedSetaffinity(id, cpus); err != nil && !errors.Is(err, unix.ESRCH) { // it may have ended
				return err
			}
			seen[id] = true
		}
		if len(seen) == before {
			return nil
		}
	}
}

// holdThread holds the calling thread, and every process that it starts, to a CPU.
func holdThread(cpu int) error {
	if cpu < 0 {
		return nil
	}
	var one unix.CPUSet
	one.Set(cpu)
	return unix.SchedSetaffinity(0, &one)
}

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

// livePeak is the peak RSS of a process that runs, in bytes. What wait4 says would be no less than that of this
// process, whose memory the other one had until its exec.
func livePeak(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmHWM", pid)
}

// exitPeak is the peak RSS of a process that has ended, where livePeak cannot tell.
func exitPeak(*os.ProcessState) int64 { return 0 }

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
