package invocation_test

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/presize/presize/scripts/bench/invocation"
)

func used(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func TestCPUIsThatOfTheWholeProcess(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	read := func() time.Duration {
		took, err := invocation.CPU(&exec.Cmd{Process: self})
		if err != nil {
			t.Fatal(err)
		}
		return took
	}
	before := read()
	lower := used(t)
	for used(t) < lower+50*time.Millisecond { // of another thread's, which then ends
		done := make(chan bool)
		go func() {
			runtime.LockOSThread()
			for range 1 << 22 {
				runtime.KeepAlive(done)
			}
			close(done)
		}()
		<-done
	}
	if took := read() - before; took < 50*time.Millisecond {
		t.Errorf("it took %v of its CPU", took)
	}
}

func TestCPUWithoutAProcess(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string]*exec.Cmd{"never started": nil, "ended": ended} {
		if took, err := invocation.CPU(command); took != 0 || err != nil {
			t.Errorf("%s: %v, %v", name, took, err)
		}
	}
}
