package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// file is one file of a zip.
type file struct {
	name string // slash-separated
	mode fs.FileMode
	data []byte
}

// pack makes one function's zip, checks that Lambda can load everything in it, and only then writes it.
func pack(ctx context.Context, s settings, t toolchain, name string, out io.Writer) error {
	files, err := contents(ctx, s, t, name)
	if err != nil {
		return err
	}
	needs, err := checkELF(files, t.arch)
	if err != nil {
		return err
	}
	archive, err := zipped(files)
	if err != nil {
		return err
	}
	target := filepath.Join(s.out, name+"-"+t.name+".zip")
	if err := printTable(out, target, archive, needs); err != nil {
		return err
	}
	if len(archive) > maxZip {
		return fmt.Errorf("the zip has %s; it may have %s at most, half of what Lambda takes directly", megabytes(len(archive)), megabytes(maxZip))
	}
	if err := os.MkdirAll(s.out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, archive, 0o644)
}

// contents gathers what a zip holds.
func contents(ctx context.Context, s settings, t toolchain, name string) ([]file, error) {
	libvips, err := fetchLibvips(ctx, s, t)
	if err != nil {
		return nil, err
	}
	bootstrap, err := compile(ctx, s, t, name, libvips)
	if err != nil {
		return nil, err
	}
	files := []file{{"bootstrap", 0o755, bootstrap}}
	libraries := map[string]string{"presets.yaml": s.presets}
	found, err := filepath.Glob(filepath.Join(libvips, "lib", "libvips-cpp.so.*"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("%s holds not one libvips: %v", libvips, found)
	}
	libraries["lib/"+filepath.Base(found[0])] = found[0]
	for library, path := range t.runtime {
		libraries["lib/"+library] = path
	}
	for name, path := range libraries {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, data})
	}
	licences, err := licences(ctx, s, t, name, libvips)
	return append(files, licences...), err
}
