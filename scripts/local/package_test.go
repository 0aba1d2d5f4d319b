package main_test

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/local/lambda"
)

// TestPackages unzips what `make package` built and has each architecture's bootstrap make every variant of a phone's photo,
// through the Runtime API and the embedded S3, as it does on Lambda: with nothing but what is in the zip and glibc.
// arm64's runs under qemu, on the glibc of Debian 11.
func TestPackages(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skipf("the packages are built and run on Linux on x86-64; this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	tests := map[string]func(t *testing.T, folder string) string{
		"x86_64": func(_ *testing.T, folder string) string { return filepath.Join(folder, "bootstrap") },
		"arm64":  emulated,
	}
	for arch, program := range tests {
		t.Run(arch, func(t *testing.T) {
			folder := unzipPackage(t, "resize-"+arch+".zip")
			runPackage(t, "packages-"+arch, folder, program(t, folder))
		})
	}
}

func runPackage(t *testing.T, name, folder, program string) {
	t.Helper()
	m := shared
	photo, err := os.ReadFile(filepath.Join(module(t, "github.com/h2non/bimg"), "testdata", "test_exif_full.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	// The machine's own function makes the variants first; they go, so that what is found in the end is the package's.
	upload(t, m, name+"/photo.jpg", photo)
	await(t, m, name+"/photo.jpg")
	for key := range variants(t, m, name+"/") {
		if err := m.Objects.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	loads := filepath.Join(t.TempDir(), "loads")
	l := function(t, map[string]string{
		"AWS_ENDPOINT_URL_S3": m.S3,
		"PRESIZE_PRESETS":     "", // the file in the zip
		"LD_LIBRARY_PATH":     "", // the path in bootstrap
		"LD_DEBUG":            "files", "LD_DEBUG_OUTPUT": loads,
	}, func(f *lambda.Function) { f.Bootstrap = program })
	result, err := l.Invoke(t.Context(), notification(t, m.Config.Originals+name+"/photo.jpg"))
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(result.Log, "\n"))
	}
	t.Logf("answer %s after %s\n%s", result.Payload, result.Duration, strings.Join(result.Log, "\n"))
	made := map[string]bool{}
	for _, p := range m.Config.Presets {
		width, height := box(p, 3024, 4032) // upright
		for key := range variants(t, m, name+"/") {
			if strings.HasPrefix(key, m.Config.Resized+p.Name+"/") {
				info, body := read(t, m, key)
				checkPixels(t, key, body, width, height)
				t.Logf("%s %dx%d %s, %d bytes", key, width, height, info.ContentType, len(body))
				made[p.Name] = true
			}
		}
	}
	if len(made) != len(m.Config.Presets) || len(made) != 4 {
		t.Errorf("variants of %v; want all of %d presets", made, len(m.Config.Presets))
	}
	checkLoads(t, loads, folder)
}

// checkLoads reads what the dynamic loader wrote: libvips and the C++ runtime must be those of the zip.
func checkLoads(t *testing.T, prefix, folder string) {
	t.Helper()
	files, err := filepath.Glob(prefix + ".*")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(content)
	}
	for _, library := range []string{"libvips-cpp.so.8.18.7", "libstdc++.so.6", "libgcc_s.so.1"} {
		if want := "calling init: " + filepath.Join(folder, "lib", library); !strings.Contains(text.String(), want) {
			t.Errorf("the loader did not say %q", want)
		}
		for line := range strings.Lines(text.String()) {
			if strings.Contains(line, "calling init:") && strings.Contains(line, "/"+library) && !strings.Contains(line, folder) {
				t.Errorf("not the zip's: %s", line)
			}
		}
	}
}

// unzipPackage unzips a package from .build/package, or from the folder that PRESIZE_PACKAGES names; with that variable,
// as `make test` sets it, a package that is not there is a failure.
func unzipPackage(t *testing.T, name string) string {
	t.Helper()
	folder, given := os.LookupEnv("PRESIZE_PACKAGES")
	if !given {
		folder = filepath.Join(root, ".build", "package")
	}
	archive, err := zip.OpenReader(filepath.Join(folder, name))
	if err != nil {
		if given {
			t.Fatal(err)
		}
		t.Skipf("NOT TESTED: %v; `make package` builds it", err)
	}
	defer func() { _ = archive.Close() }()
	target := t.TempDir()
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(target, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, f.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	return target
}

// emulated writes a program beside arm64's bootstrap that runs it by the emulator that scripts/package finds or fetches.
func emulated(t *testing.T, folder string) string {
	t.Helper()
	command := exec.Command("go", "run", "./scripts/package", "-emulator")
	command.Dir = root
	command.Stderr = os.Stderr
	emulator, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "emulated")
	script := fmt.Sprintf("#!/bin/sh\nexec %s %s\n", strings.TrimSpace(string(emulator)), filepath.Join(folder, "bootstrap"))
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// module is the folder of a module that the function links in.
func module(t *testing.T, path string) string {
	t.Helper()
	command := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path)
	command.Dir = root
	folder, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(folder))
}
