//go:build !linux

package invocation

import (
	"errors"
	"os"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

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

func dropFromCache(string, string) error {
	return errors.Join(errNotDropped, errors.New("only Linux can"))
}

func readFromDisk(*os.ProcessState) int64 { return 0 }
