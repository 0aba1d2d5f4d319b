package process_test

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/presize/presize/scripts/bench/process"
)

// A process's peak is its own, not that of the one that started it.
func TestPeak(t *testing.T) {
	const mine = 256 << 20
	memory := bytes.Repeat([]byte{1}, mine)
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	small, err := process.Peak(child.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	large, err := process.Peak(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if small == 0 || small > mine/8 || large < mine {
		t.Errorf("%d bytes of sleep, %d bytes of this process", small, large)
	}
	runtime.KeepAlive(memory)
}
