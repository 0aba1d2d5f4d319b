package imaging_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPolicy: every thread has the policy for batch work, field 41 of its stat (man 5 proc_pid_stat).
func TestPolicy(t *testing.T) {
	const batch = "3"
	once(t, textured(t, 400, 300, false), inside(100))
	threads, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil || len(threads) < 2 {
		t.Fatalf("%d threads: %v", len(threads), err)
	}
	for _, path := range threads {
		stat, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has ended
		}
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); fields[41-3] != batch {
			t.Errorf("%s: policy %s, want %s", path, fields[41-3], batch)
		}
	}
}
