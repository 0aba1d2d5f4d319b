package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Peak is a living process's peak of resident memory in bytes. The kernel's ru_maxrss also counts what the process had
// resident before exec, and that is this one's own memory: Go starts processes by vfork.
func Peak(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kibibytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kibibytes << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmHWM", pid)
}

// PeakAfter is the peak of a process that has ended, where Peak cannot tell; here it can.
func PeakAfter(*os.ProcessState) int64 { return 0 }
