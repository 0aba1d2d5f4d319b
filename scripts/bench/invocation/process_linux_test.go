package invocation_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/presize/presize/scripts/bench/invocation"
)

func affinity(t *testing.T, thread int) unix.CPUSet {
	t.Helper()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(thread, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

// twoCPUs gives a CPU that this process may use, beside another.
func twoCPUs(t *testing.T) int {
	t.Helper()
	set := affinity(t, 0)
	if set.Count() < 2 {
		t.Skip("this process may use one CPU alone; holding something to a CPU takes two")
	}
	for cpu := 0; ; cpu++ {
		if set.IsSet(cpu) {
			return cpu
		}
	}
}

func TestKeepOff(t *testing.T) {
	cpu := twoCPUs(t)
	before := affinity(t, 0)
	release, err := invocation.KeepOff(cpu)
	if err != nil {
		t.Fatal(err)
	}
	threads, err := filepath.Glob("/proc/self/task/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		id, _ := strconv.Atoi(filepath.Base(thread))
		if set := affinity(t, id); set.IsSet(cpu) {
			t.Errorf("thread %d may use CPU %d", id, cpu)
		}
	}
	// A thread that is held to the CPU has children there, although everything else is kept off it.
	held := make(chan unix.CPUSet)
	go func() {
		runtime.LockOSThread()
		command := exec.Command("sleep", "60")
		if err := invocation.HoldThread(cpu); err != nil {
			t.Error(err)
		}
		if err := command.Start(); err != nil {
			t.Error(err)
		}
		held <- affinity(t, command.Process.Pid)
		command.Process.Kill()
		command.Wait()
	}()
	if set := <-held; !set.IsSet(cpu) || set.Count() != 1 {
		t.Errorf("the child may use %d CPUs", set.Count())
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if after := affinity(t, 0); after != before {
		t.Error("this process may not use what it could before")
	}
}

func TestKeepOffRefuses(t *testing.T) {
	if _, err := invocation.KeepOff(1023); err == nil {
		t.Error("there is no such CPU, and nothing was said")
	}
}

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

// A process's peak is its own, not that of the one that started it.
func TestLivePeak(t *testing.T) {
	const mine = 256 << 20
	memory := bytes.Repeat([]byte{1}, mine)
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	small, err := invocation.LivePeak(child.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	large, err := invocation.LivePeak(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if small == 0 || small > mine/8 || large < mine {
		t.Errorf("%d bytes of sleep, %d bytes of this process", small, large)
	}
	runtime.KeepAlive(memory)
}
