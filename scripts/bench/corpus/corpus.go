package corpus

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/result"
)

// Make puts the named originals into folder, those that are not there yet, and describes them.
func Make(ctx context.Context, folder string, names []string, limits preset.Limits) ([]result.File, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	m := maker{ctx, folder, limits}
	var files []result.File
	for _, name := range names {
		file, err := m.ensure(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func find(name string) (original, error) {
	all := originals()
	i := slices.IndexFunc(all, func(o original) bool { return o.name == name })
	if i < 0 {
		return original{}, fmt.Errorf("the corpus has no original %q", name)
	}
	return all[i], nil
}

// ensure makes an original that is not there, or not as it should be.
func (m maker) ensure(name string) (result.File, error) {
	one, err := find(name)
	if err != nil {
		return result.File{}, err
	}
	if file, err := m.describe(one); err == nil {
		return file, nil
	}
	if err := one.make(m, name); err != nil {
		return result.File{}, fmt.Errorf("original %s: %w", name, err)
	}
	return m.describe(one)
}

// describe reads an original's header; one that has not the size it should have is an error.
func (m maker) describe(one original) (result.File, error) {
	path := filepath.Join(m.folder, one.name)
	data, err := os.ReadFile(path)
	if err != nil {
		return result.File{}, err
	}
	header, err := imaging.Probe(data, m.limits, false)
	if err != nil {
		return result.File{}, fmt.Errorf("original %s: %w", one.name, err)
	}
	if header.Width != one.width || header.Height != one.height {
		return result.File{}, fmt.Errorf("original %s: %d x %d pixels, want %d x %d", one.name, header.Width, header.Height,
			one.width, one.height)
	}
	return result.File{
		Name: one.name, Path: path, Width: one.width, Height: one.height, Bytes: int64(len(data)), About: one.about,
	}, nil
}
