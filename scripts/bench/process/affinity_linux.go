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

// HoldAll holds every thread of this process to cpus.
func HoldAll(cpus []int) error { return everyThread(func(id int) error { return hold(id, cpus) }) }

// Ordinary gives every thread of this process, and so every process that it starts, the ordinary scheduling policy:
// functions/pipeline/imaging gives another to whatever it is linked into.
func Ordinary() error {
	ordinary := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL}
	return everyThread(func(id int) error {
		return os.NewSyscallError("sched_setattr", unix.SchedSetAttr(id, &ordinary, 0))
	})
}

// everyThread does something to each thread of this process. New threads take after the one that makes them, so it is done
// until there is no thread that has not been seen.
func everyThread(do func(id int) error) error {
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
			if err := do(id); err != nil && !errors.Is(err, unix.ESRCH) { // it may have ended
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
