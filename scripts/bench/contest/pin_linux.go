package contest

import (
	"errors"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// allowed are the processors that this process may use, by number.
func allowed() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, os.NewSyscallError("sched_getaffinity", err)
	}
	var cpus []int
	for cpu := range len(set) * bits.UintSize {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

// startOn calls start on a thread that may use cpus only. A process started there inherits that before its first
// instruction, so that Go, libvips and Node see as many processors as they get.
func startOn(cpus []int, start func() error) error {
	if len(cpus) == 0 {
		return start()
	}
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := hold(0, cpus)
		if err == nil {
			err = start()
		}
		failed <- err
	}()
	return <-failed
}

// stay moves every thread of this process to cpus; those that it starts later inherit that.
func stay(cpus []int) error {
	threads, err := filepath.Glob("/proc/self/task/*")
	if err != nil {
		return err
	}
	for _, path := range threads {
		thread, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			return err
		}
		if err := hold(thread, cpus); err != nil && !errors.Is(err, unix.ESRCH) { // it ended meanwhile
			return err
		}
	}
	return nil
}

func hold(thread int, cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return os.NewSyscallError("sched_setaffinity", unix.SchedSetaffinity(thread, &set))
}
