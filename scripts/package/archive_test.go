package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The same files in another order are the same zip, and Lambda may run what it must.
func TestZipped(t *testing.T) {
	files := []file{
		{"bootstrap", 0o755, bytes.Repeat([]byte("go"), 5000)}, {"lib/libvips-cpp.so.8.18.7", 0o644, []byte("lib")}, {"presets.yaml", 0o644, nil},
	}
	one, err := zipped(files)
	if err != nil {
		t.Fatal(err)
	}
	other, err := zipped([]file{files[2], files[0], files[1]})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, other) {
		t.Error("the order of the files changes the bytes")
	}
	reader, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	var listing []string
	for _, f := range reader.File {
		listing = append(listing, fmt.Sprint(f.Mode(), f.Name, f.Modified.UTC().Year()))
	}
	if got := strings.Join(listing, "; "); got != "-rwxr-xr-xbootstrap2000; -rw-r--r--lib/libvips-cpp.so.8.18.72000; -rw-r--r--presets.yaml2000" {
		t.Errorf("zip: %s", got)
	}
}

func TestPrintTable(t *testing.T) {
	archive, err := zipped([]file{
		{"bootstrap", 0o755, make([]byte, 1_500_000)}, {"licences/a", 0o644, make([]byte, 20_000)}, {"licences/b", 0o644, nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printTable(&out, "resize-arm64.zip", archive, map[string]version{"bootstrap": {2, 17}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"bootstrap            1.50 MB   0.00 MB  2.17\n", "licences/ (2 files)  0.02 MB", "all                  1.52 MB   0.00 MB  at most 2.34\n", "sha256 ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
