package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// toolchain compiles for one architecture.
type toolchain struct {
	arch
	cc, ar  string
	runtime map[string]string // the C++ runtime: library to file
	notices []string          // files that say under which terms the runtime is used
	libvips string            // folder of libvips installations
	release string            // of Go; empty for the one that is installed
}

// The libraries that libvips needs beside glibc.
var runtimeLibraries = []string{"libstdc++.so.6", "libgcc_s.so.1"}

func toolchainFor(ctx context.Context, s settings, pinned lock, a arch, messages io.Writer) (toolchain, error) {
	if s.toolchain == system {
		return installed(ctx, s, a)
	}
	root, err := debianRoot(ctx, s, pinned, messages)
	if err != nil {
		return toolchain{}, err
	}
	t := toolchain{
		arch: a, libvips: filepath.Join(s.cache, "libvips"), release: pinned.Go,
		runtime: map[string]string{
			"libstdc++.so.6": filepath.Join(root, "usr", "lib", a.triplet, "libstdc++.so.6"),
			"libgcc_s.so.1":  filepath.Join(root, "lib", a.triplet, "libgcc_s.so.1"),
		},
		notices: []string{filepath.Join(root, "usr", "share", "doc", "gcc-10-base", "copyright")},
	}
	if t.cc, err = wrapper(s.cache, root, a, "gcc-10", " --sysroot="+root); err != nil {
		return toolchain{}, err
	}
	t.ar, err = wrapper(s.cache, root, a, "ar", "")
	return t, err
}

// wrapper writes the command that runs a pinned tool with the libraries it came with. Its PATH holds nothing else, so that
// no tool of the machine can take part.
func wrapper(cache, root string, a arch, tool, flags string) (string, error) {
	if strings.ContainsAny(root, " \t'\"\\$:") {
		return "", fmt.Errorf("%q: a compiler's flags cannot carry a path with spaces, quotes, colons or $; move the project", root)
	}
	file := filepath.Join(cache, "bin", a.triplet+"-"+tool)
	content := fmt.Sprintf("#!/bin/sh\nPATH=%s LC_ALL=C LD_LIBRARY_PATH=%s exec %s%s \"$@\"\n",
		filepath.Join(root, "tools", a.triplet), filepath.Join(root, "usr", "lib", "x86_64-linux-gnu"),
		filepath.Join(root, "usr", "bin", a.triplet+"-"+tool), flags)
	if have, err := os.ReadFile(file); err == nil && string(have) == content {
		return file, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	return file, os.WriteFile(file, []byte(content), 0o755)
}

// installed is the machine's own compiler. It builds for its own architecture alone, and its C++ runtime must fit.
func installed(ctx context.Context, s settings, a arch) (toolchain, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != a.goarch {
		return toolchain{}, fmt.Errorf("-toolchain system builds for the machine's own architecture, %s/%s, and not for %s",
			runtime.GOOS, runtime.GOARCH, a.name)
	}
	t := toolchain{arch: a, cc: envOr("CC", "cc"), ar: envOr("AR", "ar"), libvips: filepath.Join(s.cache, "libvips"), runtime: map[string]string{}}
	for _, library := range runtimeLibraries {
		output, err := exec.CommandContext(ctx, t.cc, "-print-file-name="+library).Output()
		file := strings.TrimSpace(string(output))
		if err != nil || !filepath.IsAbs(file) {
			return toolchain{}, fmt.Errorf("%s does not know where %s is: install gcc and libstdc++", t.cc, library)
		}
		t.runtime[library] = file
	}
	return t, nil
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
