//go:build !linux

package invocation

import (
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

var errLinux = errors.New("only Linux can")

// keepOff refuses: nothing is held to a CPU here.
func keepOff(cpu int) (release func() error, err error) {
	if cpu >= 0 {
		return nil, errLinux
	}
	return func() error { return nil }, nil
}

func holdThread(cpu int) error {
	if cpu >= 0 {
		return errLinux
	}
	return nil
}

// processTime is what a process has taken of the CPUs, user and system.
func processTime(pid int) (time.Duration, error) {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return 0, err
	}
	times, err := p.Times()
	if err != nil {
		return 0, err
	}
	return time.Duration((times.User + times.System) * float64(time.Second)), nil
}

// livePeak cannot be told here; exitPeak can.
func livePeak(int) (int64, error) { return 0, nil }

// exitPeak is the peak RSS of a process that has ended, in bytes.
func exitPeak(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss
	}
	return 0
}

func dropFromCache(string, string) error { return errors.Join(errNotDropped, errLinux) }

func readFromDisk(*os.ProcessState) int64 { return 0 }
