package main

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
)

// emulator returns the command that runs arm64's programs on x86-64, on the pinned glibc of Debian 11: the machine's own
// qemu, or a pinned one.
func emulator(ctx context.Context, s settings, pinned lock, messages io.Writer) (string, error) {
	root, err := debianRoot(ctx, s, pinned, messages)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"qemu-aarch64-static", "qemu-aarch64"} {
		if qemu, err := exec.LookPath(name); err == nil {
			return qemu + " -L " + root, nil
		}
	}
	const program = "usr/bin/qemu-aarch64-static"
	only := func(name string) bool { return name == program }
	dir, err := install(ctx, s, "qemu-"+pinned.Emulator.id(), pinned.Emulator, only, func(string) error { return nil }, messages)
	return filepath.Join(dir, filepath.FromSlash(program)) + " -L " + root, err
}
