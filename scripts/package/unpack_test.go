package main

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A package cannot write outside its root, nor link there, and what is not wanted is left out.
func TestUntar(t *testing.T) {
	var archive bytes.Buffer
	entries := tar.NewWriter(&archive)
	for _, header := range []tar.Header{
		{Name: "./usr/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "./usr/bin/cc", Typeflag: tar.TypeReg, Mode: 0o4755},
		{Name: "./usr/lib/x/libm.so.6", Typeflag: tar.TypeReg, Mode: 0o600},
		{Name: "./usr/lib/x/libm.so", Typeflag: tar.TypeSymlink, Linkname: "/usr/lib/x/libm.so.6"},
		{Name: "./usr/bin/gcc", Typeflag: tar.TypeLink, Linkname: "./usr/bin/cc"},
		{Name: "./usr/share/doc/x/changelog", Typeflag: tar.TypeReg, Mode: 0o644},
		{Name: "../escaped", Typeflag: tar.TypeReg, Mode: 0o644},
	} {
		header.Size = 0
		if err := entries.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
	}
	if err := entries.Close(); err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	root := filepath.Join(parent, "root")
	if err := untar(&archive, root, ofUse); err != nil {
		t.Fatal(err)
	}
	var found []string
	err := filepath.WalkDir(parent, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(parent, path)
			found = append(found, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(found, " "); got != "root/usr/bin/cc root/usr/bin/gcc root/usr/lib/x/libm.so root/usr/lib/x/libm.so.6" {
		t.Errorf("unpacked %s", got)
	}
	if link, err := os.Readlink(filepath.Join(root, "usr", "lib", "x", "libm.so")); err != nil || link != "../../../usr/lib/x/libm.so.6" {
		t.Errorf("libm.so links to %s, %v", link, err)
	}
	if info, err := os.Stat(filepath.Join(root, "usr", "bin", "cc")); err != nil || info.Mode() != 0o755 {
		t.Errorf("cc: %v, %v", info.Mode(), err)
	}
}

func TestLinkOutside(t *testing.T) {
	var archive bytes.Buffer
	entries := tar.NewWriter(&archive)
	if err := entries.WriteHeader(&tar.Header{Name: "a", Typeflag: tar.TypeLink, Linkname: "../../etc/passwd"}); err != nil {
		t.Fatal(err)
	}
	expect(t, untar(&archive, t.TempDir(), ofUse), "outside the package")
}

func TestOfUse(t *testing.T) {
	tests := map[string]bool{
		"usr/bin/x86_64-linux-gnu-gcc-10":                  true,
		"usr/share/doc/gcc-10-base/copyright":              true,
		"usr/share/doc/gcc-10-base/changelog.gz":           false,
		"usr/lib/gcc/x86_64-linux-gnu/10/cc1":              true,
		"usr/lib/gcc/x86_64-linux-gnu/10/lto1":             false,
		"usr/lib/gcc/x86_64-linux-gnu/10/liblto_plugin.so": true,
		"usr/lib/gcc/x86_64-linux-gnu/10/libasan.a":        false,
		"usr/lib/x86_64-linux-gnu/gconv/UTF-7.so":          false,
		"usr/lib/x86_64-linux-gnu/libisl.so.23":            true,
	}
	for name, want := range tests {
		if got := ofUse(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
