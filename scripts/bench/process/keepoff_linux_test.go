package process_test

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/presize/presize/scripts/bench/process"
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
	release, err := process.KeepOff(cpu)
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
		if err := process.HoldThread(cpu); err != nil {
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
	if _, err := process.KeepOff(1023); err == nil {
		t.Error("there is no such CPU, and nothing was said")
	}
}
