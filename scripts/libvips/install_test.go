package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlatformOf(t *testing.T) {
	tests := map[string]struct{ system, cpu, want, wrong string }{
		"Linux on x86-64":  {"linux", "amd64", "linux-x64", ""},
		"Linux on arm64":   {"linux", "arm64", "linux-arm64", ""},
		"macOS on x86-64":  {"darwin", "amd64", "darwin-x64", ""},
		"macOS on arm64":   {"darwin", "arm64", "darwin-arm64", ""},
		"Windows":          {"windows", "amd64", "", "windows/amd64 is not supported"},
		"Linux on RISC-V":  {"linux", "riscv64", "", "LIBVIPS=system"},
		"FreeBSD on arm64": {"freebsd", "arm64", "", "not supported"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := platformOf(test.system, test.cpu)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
				t.Errorf("error %v, want one that says %q", err, test.wrong)
			}
		})
	}
}

// Every platform that has a name has a pin.
func TestLockIsComplete(t *testing.T) {
	var pinned lock
	if err := json.Unmarshal(lockJSON, &pinned); err != nil {
		t.Fatal(err)
	}
	names := []string{"dev"}
	for _, system := range []string{"linux", "darwin"} {
		for _, cpu := range []string{"amd64", "arm64"} {
			platform, err := platformOf(system, cpu)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, platform)
		}
	}
	for _, name := range names {
		if integrity := pinned.Packages["@img/sharp-libvips-"+name]; !strings.HasPrefix(integrity, "sha512-") {
			t.Errorf("%s: integrity %q", name, integrity)
		}
	}
	if len(pinned.Packages) != len(names) {
		t.Errorf("%d packages are pinned for %d names", len(pinned.Packages), len(names))
	}
}

func TestVerify(t *testing.T) {
	// SHA-512 of "abc", from FIPS 180-4's examples.
	const abc = "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
	if err := verify([]byte("abc"), abc); err != nil {
		t.Errorf("the right bytes: %v", err)
	}
	err := verify([]byte("abd"), abc)
	if err == nil || !strings.Contains(err.Error(), abc) || !strings.Contains(err.Error(), "nothing was installed") {
		t.Errorf("other bytes: %v; want an error that names both sums", err)
	}
}

func TestPackedFile(t *testing.T) {
	tests := map[string]struct{ output, want string }{
		"a list":              {`[{"name":"a","filename":"a-1.tgz"}]`, "a-1.tgz"},
		"an object by name":   {`{"a":{"filename":"a-1.tgz"}}`, "a-1.tgz"},
		"nothing":             {`[]`, ""},
		"two files":           {`[{"filename":"a.tgz"},{"filename":"b.tgz"}]`, ""},
		"not JSON":            {`npm notice`, ""},
		"no name of the file": {`[{}]`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := packedFile([]byte(test.output))
			if got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// An archive cannot write outside the folder, and only what is needed is kept.
func TestUnpack(t *testing.T) {
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	entries := tar.NewWriter(zipped)
	for _, name := range []string{"package/lib/a.so", "package/include/a.h", "package/index.js", "package/lib/../../escaped", "../lib/escaped"} {
		if err := entries.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: 1, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := entries.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := entries.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "libvips")
	if err := unpack(archive.Bytes(), dir); err != nil {
		t.Fatal(err)
	}
	var found []string
	err := filepath.Walk(parent, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			name, _ := filepath.Rel(parent, path)
			found = append(found, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(found, " "); got != "libvips/include/a.h libvips/lib/a.so" {
		t.Errorf("unpacked %s", got)
	}
}
