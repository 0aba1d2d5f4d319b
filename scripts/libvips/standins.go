package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// bimg v1.1.9 includes vips/vips7compat.h and refers to two functions that a libvips built without deprecated code
// and without ImageMagick does not have. The header declares the first; standins.c defines both.
const vips7compat = `#ifndef PRESIZE_VIPS7COMPAT_H
#define PRESIZE_VIPS7COMPAT_H
void im__print_all(void);
#endif
`

//go:embed standins/standins.c
var standinsC []byte

// standIns compiles the static library that stands in for what bimg links to.
func standIns(ctx context.Context, dir, cc, ar string) error {
	header := filepath.Join(dir, "include", "vips", "vips7compat.h")
	if err := os.WriteFile(header, []byte(vips7compat), 0o644); err != nil {
		return err
	}
	source, object := filepath.Join(dir, "standins.c"), filepath.Join(dir, "standins.o")
	if err := os.WriteFile(source, standinsC, 0o644); err != nil {
		return err
	}
	compile := append([]string{cc, "-O2", "-fPIC", "-c", "-o", object, source}, includes(dir)...)
	archive := []string{ar, "rcs", filepath.Join(dir, "lib", "libpresize-standins.a"), object}
	for _, command := range [][]string{compile, archive} {
		if output, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s(a C compiler and ar are needed: Debian: apt-get install gcc; macOS: xcode-select --install)", command, err, output)
		}
	}
	return os.Remove(object)
}

func includes(dir string) []string {
	return []string{
		"-I" + filepath.Join(dir, "include"),
		"-I" + filepath.Join(dir, "include", "glib-2.0"),
		"-I" + filepath.Join(dir, "lib", "glib-2.0", "include"),
	}
}
