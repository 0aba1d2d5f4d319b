package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// linkable gives the library the name that -lvips-cpp looks for; the program then loads it by its own versioned name.
func linkable(dir, system, version string) error {
	library, name := "libvips-cpp.so."+version, "libvips-cpp.so"
	if system == "darwin" {
		library, name = "libvips-cpp."+version+".dylib", "libvips-cpp.dylib"
	}
	if _, err := os.Stat(filepath.Join(dir, "lib", library)); err != nil {
		return fmt.Errorf("the package does not carry libvips %s: %w", version, err)
	}
	return os.Symlink(library, filepath.Join(dir, "lib", name))
}

// pkgConfig writes vips.pc for dir, the folder's final place, and beside it a pkg-config of a few lines that answers
// cgo's questions from that file, since a machine with a compiler need not have pkg-config.
func pkgConfig(temporary, dir, system, version string) error {
	if strings.ContainsAny(dir, " \t'\"\\$") {
		return fmt.Errorf("%q: a compiler's flags cannot carry a path with spaces, quotes or $; move the project", dir)
	}
	lib := filepath.Join(dir, "lib")
	flags := strings.Join(includes(dir), " ")
	libs := "-L" + lib + " -lvips-cpp -lpresize-standins"
	if system == "linux" {
		// libvips-cpp needs libstdc++; the linker may not follow it there when cross-compiling.
		libs += " -Wl,--allow-shlib-undefined"
	}
	pc := fmt.Sprintf("Name: vips\nDescription: libvips, prebuilt\nVersion: %s\nCflags: %s\nLibs: %s\n", version, flags, libs)
	script := fmt.Sprintf(`#!/bin/sh
# Answers pkg-config's --cflags and --libs for vips, which is all that cgo asks.
for argument in "$@"; do
	case "$argument" in
	--cflags) echo "%s" ;;
	--libs) echo "%s" ;;
	--modversion) echo "%s" ;;
	esac
done
`, flags, libs, version)
	folder := filepath.Join(temporary, "pkgconfig")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "vips.pc"), []byte(pc), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "pkg-config"), []byte(script), 0o755)
}
