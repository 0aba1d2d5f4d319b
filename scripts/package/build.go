package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tags are those that every build of the function has, see the Makefile.
const tags = "nodynamic,lambda.norpc"

// fetchLibvips has scripts/libvips install the pinned libvips for the architecture, and returns its folder.
func fetchLibvips(ctx context.Context, s settings, t toolchain) (string, error) {
	output, err := t.goCommand(ctx, s, nil, "run", "./scripts/libvips", "-cache", t.libvips, "-os", "linux", "-arch", t.goarch, "-cc", t.cc, "-ar", t.ar)
	return strings.TrimSpace(output), err
}

// compile builds one function. Nothing of where it is built may be in it, and nothing of when: no paths, no build id, no
// state of the working tree.
func compile(ctx context.Context, s settings, t toolchain, name, libvips string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "presize-package-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bootstrap := filepath.Join(dir, "bootstrap")
	if _, err := t.goCommand(ctx, s, t.target(libvips), "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-tags", tags,
		"-ldflags", "-s -w -buildid= -r $ORIGIN/lib", "-o", bootstrap, "./functions/"+name); err != nil {
		return nil, err
	}
	return os.ReadFile(bootstrap)
}

// target is the environment that makes the go command build for Lambda.
func (t toolchain) target(libvips string) []string {
	return []string{
		"CGO_ENABLED=1", "GOOS=linux", "GOARCH=" + t.goarch, "GOAMD64=v1", "GOARM64=v8.0", "CC=" + t.cc,
		"CGO_CFLAGS=-O2 -g0 -ffile-prefix-map=" + libvips + "=/libvips", "CGO_LDFLAGS=-O2",
		"PKG_CONFIG=" + filepath.Join(libvips, "pkgconfig", "pkg-config"),
		"PKG_CONFIG_PATH=" + filepath.Join(libvips, "pkgconfig"),
	}
}

// goCommand runs go in the project's folder, free of what the caller's environment says about builds.
func (t toolchain) goCommand(ctx context.Context, s settings, environment []string, args ...string) (string, error) {
	var output, complaints bytes.Buffer
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = s.root
	command.Stdout, command.Stderr = &output, &complaints
	command.Env = append(withoutBuildSettings(os.Environ()), "GOFLAGS=", "GOWORK=off")
	if t.release != "" {
		command.Env = append(command.Env, "GOTOOLCHAIN="+t.release)
	}
	command.Env = append(command.Env, environment...)
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(complaints.Bytes()))
	}
	return output.String(), nil
}

func withoutBuildSettings(environment []string) []string {
	var kept []string
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		switch {
		case strings.HasPrefix(name, "CGO_"), strings.HasPrefix(name, "PKG_CONFIG"):
		case name == "GOOS", name == "GOARCH", name == "GOEXPERIMENT", name == "GOFIPS140", name == "CC", name == "CXX", name == "AR":
		default:
			kept = append(kept, variable)
		}
	}
	return kept
}
