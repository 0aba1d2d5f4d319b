package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// The same sources in another folder, compiled anew by a compiler in another folder, are the same zips, byte for byte.
func TestSameBytesElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the functions twice")
	}
	if _, err := os.Stat(aptHelper); err != nil || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the pinned compiler is for Debian and Ubuntu on x86-64")
	}
	pinned, err := readLock(lockJSON)
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(here, ".cache", "package")
	first := buildZips(t, here, cache)

	elsewhere, otherCache := t.TempDir(), t.TempDir()
	for _, name := range []string{"functions", filepath.Join("scripts", "libvips")} {
		if err := os.CopyFS(filepath.Join(elsewhere, name), os.DirFS(filepath.Join(here, name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "presets.yaml", "LICENSE"} {
		content, err := os.ReadFile(filepath.Join(here, name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(elsewhere, name), string(content))
	}
	compiler := "debian-11-" + pinned.Toolchain.id()
	if err := os.Symlink(filepath.Join(cache, compiler), filepath.Join(otherCache, compiler)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("CGO_CFLAGS", "-g -O0")
	t.Setenv("GOFLAGS", "-buildvcs=true")
	t.Setenv("npm_config_prefer_offline", "true")
	for name, second := range buildZips(t, elsewhere, otherCache) {
		if !bytes.Equal(first[name], second) {
			t.Errorf("the zips of %s differ; unzip both and compare: something of where or when it was built is in one of their files", name)
		}
	}
}

func buildZips(t *testing.T, root, cache string) map[string][]byte {
	t.Helper()
	out := t.TempDir()
	args := []string{"-arch", "arm64", "-root", root, "-cache", cache, "-out", out, "-presets", filepath.Join(root, "presets.yaml")}
	if err := run(t.Context(), args, t.Output(), io.Discard); err != nil {
		t.Fatal(err)
	}
	zips := map[string][]byte{}
	for _, name := range functions {
		archive, err := os.ReadFile(filepath.Join(out, name+"-arm64.zip"))
		if err != nil {
			t.Fatal(err)
		}
		zips[name] = archive
	}
	return zips
}
