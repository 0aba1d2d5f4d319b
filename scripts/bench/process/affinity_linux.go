package process

import (
	"errors"
	"math/bits"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Allowed are the CPUs that this process may use, by number.
func Allowed() ([]int, error) {
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

// HoldThread holds the calling thread, and every process that it starts, to cpus.
func HoldThread(cpus ...int) error { return hold(0, cpus) }

// HoldAll holds every thread of this process to cpus. New threads take after the one that makes them, so it is done
// until there is no thread that has not been seen.
func HoldAll(cpus []int) error {
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
			if err := hold(id, cpus); err != nil && !errors.Is(err, unix.ESRCH) { // it may have ended
				return err
			}
			seen[id] = true
		}
		if len(seen) == before {
			return nil
		}
	}
}

func hold(thread int, cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return os.NewSyscallError("sched_setaffinity", unix.SchedSetaffinity(thread, &set))
}
