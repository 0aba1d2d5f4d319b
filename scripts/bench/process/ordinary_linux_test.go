package process_test

import (
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/presize/presize/scripts/bench/process"
)

// TestOrdinary: a process that this one starts has the ordinary policy again, whatever this one had.
func TestOrdinary(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH}, 0); err != nil {
		t.Fatal(err)
	}
	if got := policyOfChild(t); got != unix.SCHED_BATCH {
		t.Fatalf("policy %d, want %d: what a thread has is not passed on", got, unix.SCHED_BATCH)
	}
	if err := process.Ordinary(); err != nil {
		t.Fatal(err)
	}
	if got := policyOfChild(t); got != unix.SCHED_NORMAL {
		t.Errorf("policy %d, want %d", got, unix.SCHED_NORMAL)
	}
}

func policyOfChild(t *testing.T) uint32 {
	t.Helper()
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Process.Kill(); _ = child.Wait() }()
	attr, err := unix.SchedGetAttr(child.Process.Pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	return attr.Policy
}
