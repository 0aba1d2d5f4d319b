package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// debianRoot unpacks the pinned packages into one folder, which nothing in it names: it may be moved. Once it has its
// stamp it is complete, and neither network nor apt is needed again.
func debianRoot(ctx context.Context, s settings, pinned lock, messages io.Writer) (string, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", fmt.Errorf("the pinned compiler runs on Linux on x86-64, and this is %s/%s; build with scripts/package/Dockerfile",
			runtime.GOOS, runtime.GOARCH)
	}
	return install(ctx, s, "debian-11-"+pinned.Toolchain.id(), pinned.Toolchain, ofUse, tools, messages)
}

// install fetches and unpacks packages beside their place, and moves them there when all is well.
func install(ctx context.Context, s settings, name string, pinned pins, wanted func(string) bool, finish func(string) error, messages io.Writer) (string, error) {
	dir := filepath.Join(s.cache, name)
	if _, err := os.Stat(filepath.Join(dir, "stamp")); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(s.cache, 0o755); err != nil {
		return "", err
	}
	temporary, err := os.MkdirTemp(s.cache, "."+name+"-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	if err := fetch(ctx, temporary, pinned, s.mirror, messages); err != nil {
		return "", err
	}
	root := filepath.Join(temporary, "root")
	for _, deb := range pinned.names() {
		if err := unpack(ctx, filepath.Join(temporary, path.Base(deb)), root, wanted); err != nil {
			return "", err
		}
	}
	if err := finish(root); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(root, "stamp"), nil, 0o644); err != nil {
		return "", err
	}
	if err := errors.Join(os.RemoveAll(dir), os.Rename(root, dir)); err != nil {
		return "", err
	}
	return dir, nil
}

// ofUse leaves out of the packages what compiling C does not need, more than half of them.
func ofUse(name string) bool {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(name, "usr/share/"):
		return base == "copyright"
	case base == "lto1", strings.Contains(base, "lto-dump"), strings.Contains(base, "san."), strings.Contains(name, "/gconv/"):
		return false
	}
	return true
}

// tools gives gcc its assembler and linker under the names that it looks for.
func tools(root string) error {
	for _, a := range arches {
		dir := filepath.Join(root, "tools", a.triplet)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for _, tool := range []string{"as", "ld"} {
			if err := os.Symlink("../../usr/bin/"+a.triplet+"-"+tool, filepath.Join(dir, tool)); err != nil {
				return err
			}
		}
	}
	return nil
}
