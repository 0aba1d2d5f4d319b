//go:build !linux

package process

import (
	"os"
	"syscall"
)

// Peak is 0: it is not known before the process has ended.
func Peak(int) (int64, error) { return 0, nil }

// PeakAfter is an ended process's peak of resident memory, as wait4 said; macOS counts bytes.
func PeakAfter(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss
	}
	return 0
}
