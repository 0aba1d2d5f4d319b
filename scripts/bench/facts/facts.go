package facts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/mem"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/scripts/bench/result"
)

// Machine is this one.
func Machine(ctx context.Context, pinned bool) (result.Machine, error) {
	processors, err := cpu.InfoWithContext(ctx)
	if err != nil {
		return result.Machine{}, fmt.Errorf("the processor's name: %w", err)
	}
	if len(processors) == 0 {
		return result.Machine{}, errors.New("the system names no processor")
	}
	memory, err := mem.VirtualMemoryWithContext(ctx)
	if err != nil {
		return result.Machine{}, fmt.Errorf("the memory's size: %w", err)
	}
	kernel, err := host.KernelVersionWithContext(ctx)
	if err != nil {
		return result.Machine{}, fmt.Errorf("the kernel's version: %w", err)
	}
	return result.Machine{
		CPU: strings.TrimSpace(processors[0].ModelName), Cores: runtime.NumCPU(), Memory: int64(memory.Total),
		System: fmt.Sprintf("%s %s, %s", runtime.GOOS, kernel, runtime.GOARCH), Pinned: pinned,
		Date: time.Now().Format(time.DateOnly),
	}, nil
}

// Versions are those of what took part; node is the folder of the peers' node_modules.
func Versions(ctx context.Context, node string) ([]result.Version, error) {
	peers, err := sharpVersions(ctx, node)
	if err != nil {
		return nil, fmt.Errorf("the versions of Node.js and sharp: %w", err)
	}
	jimp, err := packageVersion(node, "jimp")
	if err != nil {
		return nil, fmt.Errorf("jimp's version: %w", err)
	}
	return []result.Version{
		{Name: "Go", Version: strings.TrimPrefix(runtime.Version(), "go")},
		{Name: "libvips", Version: imaging.Version},
		{Name: "bimg", Version: strings.TrimPrefix(moduleVersion("github.com/h2non/bimg"), "v")},
		{Name: "Node.js", Version: strings.TrimPrefix(peers["node"], "v")},
		{Name: "sharp", Version: peers["sharp"]},
		{Name: "sharp's libvips", Version: peers["vips"]},
		{Name: "jimp", Version: jimp},
	}, nil
}

func sharpVersions(ctx context.Context, node string) (map[string]string, error) {
	const script = "import sharp from 'sharp'; console.log(JSON.stringify({ ...sharp.versions, node: process.version }))"
	command := exec.CommandContext(ctx, "node", "--input-type=module", "-e", script)
	command.Dir = node
	command.Stderr = os.Stderr
	said, err := command.Output()
	if err != nil {
		return nil, err
	}
	var versions map[string]string
	err = json.Unmarshal(said, &versions)
	return versions, err
}

func packageVersion(node, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(node, "node_modules", name, "package.json"))
	if err != nil {
		return "", err
	}
	var manifest struct {
		Version string `json:"version"`
	}
	err = json.Unmarshal(data, &manifest)
	return manifest.Version, err
}

func moduleVersion(path string) string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == path {
				return module.Version
			}
		}
	}
	return "unknown"
}
