package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// licences gathers the licences of everything in a zip.
func licences(ctx context.Context, s settings, t toolchain, name, libvips string) ([]file, error) {
	versions, err := os.ReadFile(filepath.Join(libvips, "versions.json"))
	if err != nil {
		return nil, err
	}
	readme, err := overview(versions)
	if err != nil {
		return nil, err
	}
	files := []file{{"licences/README.txt", 0o644, readme}}
	add := func(name, path string) error {
		data, err := os.ReadFile(path)
		files = append(files, file{"licences/" + name, 0o644, data})
		return err
	}
	if err := add("presize/LICENSE", filepath.Join(s.root, "LICENSE")); err != nil {
		return nil, err
	}
	for _, notice := range t.notices {
		if err := add("gcc/"+filepath.Base(notice), notice); err != nil {
			return nil, err
		}
	}
	modules, err := moduleLicences(ctx, s, t, name, libvips)
	if err != nil {
		return nil, err
	}
	for _, target := range slices.Sorted(maps.Keys(modules)) {
		if err := add("go/"+target, modules[target]); err != nil {
			return nil, err
		}
	}
	err = fs.WalkDir(texts, "licences", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := texts.ReadFile(path)
		files = append(files, file{path, 0o644, data})
		return err
	})
	return files, err
}
