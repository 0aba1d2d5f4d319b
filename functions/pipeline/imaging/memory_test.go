package imaging_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
)

// peakOfBad bounds the peak RSS of a process that is given all of testdata/bad and the 100,000-frame GIF, in MiB. It
// leaves a Lambda of 512 MiB room; without the limits the first of the bombs alone would take gigabytes.
const peakOfBad = 200

// TestBoundedMemory runs the bad uploads in a process of their own and asks it how much memory it took at most.
func TestBoundedMemory(t *testing.T) {
	switch {
	case runtime.GOOS != "linux":
		t.Skip("the peak is read from /proc")
	case raceDetector:
		t.Skip("the race detector takes several times the memory; this runs without it")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(self, "-test.run=^(TestBad|TestLimits)$", "-test.count=1")
	run.Env = append(os.Environ(), peakVariable+"=1")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, said, found := bytes.Cut(out, []byte(peakVariable+" "))
	peak, err := strconv.Atoi(string(bytes.TrimSpace(said)))
	if !found || err != nil {
		t.Fatalf("no peak in %q", out)
	}
	t.Logf("peak %d MiB", peak)
	if peak > peakOfBad {
		t.Errorf("peak %d MiB, want at most %d", peak, peakOfBad)
	}
}

// peakVariable asks the test binary for its peak, as the last line of what it prints.
const peakVariable = "PRESIZE_TEST_PEAK"

func reportPeak() {
	if os.Getenv(peakVariable) != "" {
		fmt.Println(peakVariable, status("VmHWM")>>10)
	}
}

// status is a line of /proc/self/status, in KiB; 0 where there is none.
func status(field string) int {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(data, []byte("\n"+field+":"))
	var kib int
	_, _ = fmt.Sscan(string(rest), &kib)
	return kib
}
