package imaging_test

import (
	"context"
	"errors"
	"fmt"
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// TestMain is the leak gate: when all tests have ended, libvips holds what it held at the start.
func TestMain(m *testing.M) {
	start := imaging.InUse()
	code := m.Run()
	if end, leak := leaked(start); code == 0 && leak {
		fmt.Fprintf(os.Stderr, "leak: libvips held %+v at the start and holds %+v at the end\n", start, end)
		code = 1
	}
	reportPeak()
	os.Exit(code)
}

// leaked is what libvips holds when it goes on holding more than before. Its worker threads free their buffers only
// after they have told that the work is done: what is held before may be those of the work before.
func leaked(before imaging.Usage) (after imaging.Usage, leaked bool) {
	for range 200 {
		after = imaging.InUse()
		if after.Memory <= before.Memory && after.Allocations <= before.Allocations && after.Files <= before.Files {
			return after, false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return after, true
}

var testdata = filepath.Join("..", "..", "..", "testdata")

func original(name string) string {
	return filepath.Join(testdata, "originals", filepath.FromSlash(name))
}

var bimgDir = sync.OnceValues(func() (string, error) {
	out, err := exec.Command(filepath.Join(build.Default.GOROOT, "bin", "go"), "list", "-m", "-f", "{{.Dir}}", "github.com/h2non/bimg").Output()
	return strings.TrimSpace(string(out)), err
})

// bimgFile is one of the photos that bimg's module carries for its own tests: real ones, too large to keep here.
func bimgFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := bimgDir()
	if err != nil {
		t.Fatalf("finding bimg's module: %v", err)
	}
	return filepath.Join(dir, "testdata", name)
}

func defaultConfig(t testing.TB) *preset.Config {
	t.Helper()
	config, err := preset.LoadFile(filepath.Join("..", "..", "..", "presets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// losslessDefaults are the presets of presets.yaml, saved as PNG.
func losslessDefaults(t testing.TB) []preset.Preset {
	t.Helper()
	presets := defaultConfig(t).Presets
	for i := range presets {
		presets[i].Format, presets[i].Effort = preset.PNG, 1
	}
	return presets
}

// wholeImage keeps every pixel.
func wholeImage() preset.Preset {
	return preset.Preset{
		Name: "whole", Width: 16383, Height: 16383, Fit: preset.Inside, Gravity: preset.Centre, Format: preset.PNG,
		Quality: 80, Effort: 1, Chroma: preset.ChromaAuto, Animated: preset.First, Metadata: preset.MetadataNone,
	}
}

func probe(t testing.TB, data []byte) imaging.Header {
	t.Helper()
	header, err := imaging.Probe(data, defaultConfig(t).Limits, true)
	if err != nil {
		t.Fatalf("Probe: %v", err)
	}
	return header
}

// decode decodes for presets and closes the master when the test ends.
func decode(t testing.TB, data []byte, presets []preset.Preset) *imaging.Master {
	t.Helper()
	master, err := imaging.Decode(context.Background(), data, probe(t, data), presets)
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	t.Cleanup(master.Close)
	return master
}

// decodeWhole is decode without rendering anything meanwhile.
func decodeWhole(t testing.TB, data []byte, presets []preset.Preset) *imaging.Master {
	t.Helper()
	master, err := imaging.DecodeWhole(data, probe(t, data), presets)
	if err != nil {
		t.Fatalf("DecodeWhole: %v", err)
	}
	t.Cleanup(master.Close)
	return master
}

func render(t testing.TB, master *imaging.Master, p preset.Preset) imaging.Variant {
	t.Helper()
	variant, err := master.Render(context.Background(), p)
	if err != nil {
		t.Fatalf("Render %s: %v", p.Name, err)
	}
	return variant
}

// reasonOf is the reason of an error, or what is wrong with the error.
func reasonOf(err error) imaging.Reason {
	var refused *imaging.Error
	switch {
	case err == nil:
		return "no error"
	case errors.As(err, &refused):
		return refused.Reason
	}
	return imaging.Reason("not an *imaging.Error: " + err.Error())
}
