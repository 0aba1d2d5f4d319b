package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// execute runs the command, without standard input.
func execute(t *testing.T, args ...string) (code int, out, messages string) {
	t.Helper()
	args = append([]string{"-bootstrap", bootstrap, "-cleanup", cleanup, "-presets", filepath.Join(root, "presets.yaml"), "-data", filepath.Join(t.TempDir(), "data")}, args...)
	cmd := exec.CommandContext(t.Context(), program, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func TestOnce(t *testing.T) {
	photos := filepath.Join(root, "testdata", "originals", "photos")
	bad := filepath.Join(root, "testdata", "bad", "text.jpg")
	notes := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(notes, []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args     []string
		code     int
		out      []string
		messages []string
	}{
		"a file":   {args: []string{filepath.Join(photos, "cat.jpg")}, out: []string{"cat.jpg", "small", "368x245", "/resized/thumbnail/cat.webp"}},
		"a folder": {args: []string{photos}, out: []string{"coffee.jpg", "rocket.jpg", "150x150"}},
		"a file and a bad one": {
			args: []string{filepath.Join(photos, "cat.jpg"), bad}, code: 1,
			out: []string{"368x245", "not made: not-an-image"}, messages: []string{"failed: originals/text.jpg: not-an-image", "1 of 2 originals failed"},
		},
		"no image":           {args: []string{notes}, code: 1, messages: []string{"failed: originals/notes: "}},
		"no such file":       {args: []string{photos + "x"}, code: 1, messages: []string{"there is no file or folder " + photos + "x"}},
		"a folder of nought": {args: []string{t.TempDir()}, code: 1, messages: []string{"there is no image below"}},
		"a wrong flag":       {args: []string{"-tiemout", "1s"}, code: 2, messages: []string{"-help lists the flags"}},
		"a wrong retry":      {args: []string{"-retries", "soon", photos}, code: 2, messages: []string{`-retries is "soon"`}},
		"presets missing":    {args: []string{"-presets", photos + ".yaml", photos}, code: 1, messages: []string{"read the presets"}},
		"bootstrap missing":  {args: []string{"-bootstrap", photos + ".exe", photos}, code: 2, messages: []string{"-bootstrap: there is no"}},
		"the same file twice": {
			args: []string{filepath.Join(photos, "cat.jpg"), photos}, out: []string{"cat.jpg"},
		},
		"retries given up": {
			args: []string{"-retries", "1ms,1ms", "-timeout", "1ms", filepath.Join(photos, "cat.jpg")}, code: 1,
			messages: []string{"failed: originals/cat.jpg: given up after 3 attempts"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			code, out, messages := execute(t, append([]string{"-once"}, tt.args...)...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			for _, want := range tt.out {
				if !strings.Contains(out, want) {
					t.Errorf("output without %q", want)
				}
			}
			for _, want := range tt.messages {
				if !strings.Contains(messages, want) {
					t.Errorf("messages without %q", want)
				}
			}
			if t.Failed() {
				t.Logf("output:\n%s\nmessages:\n%s", out, messages)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	code, _, messages := execute(t, "-help")
	if code != 0 || !strings.Contains(messages, "Usage: local") || !strings.Contains(messages, "S3 and the API of Lambda, CloudFront and EventBridge take the next three") {
		t.Errorf("%d\n%s", code, messages)
	}
}

// TestFilesOfTheSameName need different keys.
func TestFilesOfTheSameName(t *testing.T) {
	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	folder := t.TempDir()
	var paths []string
	for _, name := range []string{"2023/a/cat.jpg", "2024/a/cat.jpg", "2024/b/dog.jpg"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, photo, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	code, out, messages := execute(t, append([]string{"-once"}, paths...)...)
	if code != 0 {
		t.Fatalf("%d\n%s", code, messages)
	}
	for _, want := range []string{"/resized/small/2023/a/cat.jpg", "/resized/small/2024/a/cat.jpg", "/resized/small/dog.jpg"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}
