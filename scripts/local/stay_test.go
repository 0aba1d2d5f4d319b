package main_test

import (
	"bufio"
	"bytes"
	"net"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStaysUpUntilItIsStopped starts the pipeline twice on the same folder, uploads through the page, and stops it.
func TestStaysUpUntilItIsStopped(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	cat := filepath.Join(root, "testdata", "originals", "photos", "cat.jpg")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			p := startProgram(t, "-data", data, "-port", port, cat)
			places := p.until(t, "Ctrl-C stops.")
			if !strings.Contains(places, "resized/small/cat.jpg") || !strings.Contains(places, "aws --endpoint-url http://127.0.0.1:") {
				t.Errorf("output:\n%s", places)
			}
			page := regexp.MustCompile(`page +(http://\S+)`).FindStringSubmatch(places)
			if page == nil || strings.HasSuffix(page[1], ":"+port) {
				t.Fatalf("page: %v, although port %s is taken", page, port)
			}
			if status := visit(t, page[1]+"/").status; status != 200 {
				t.Errorf("page: %d", status)
			}
			cdn := regexp.MustCompile(`CDN +(http://\S+)`).FindStringSubmatch(places)
			if status := visit(t, cdn[1]+"small/cat.jpg").status; status != 200 {
				t.Errorf("CDN: %d", status)
			}
			api := regexp.MustCompile(`AWS +(http://\S+), Lambda's functions resize and cleanup`).FindStringSubmatch(places)
			if api == nil {
				t.Fatalf("no Lambda API in\n%s", places)
			}
			if status := visit(t, api[1]+"/2015-03-31/functions/resize").status; status != 404 {
				t.Errorf("Lambda's API: %d", status)
			}
			p.stop(t)
			if !strings.Contains(p.messages.String(), "port "+port+" is taken: the page is at http://127.0.0.1:") {
				t.Errorf("messages:\n%s", p.messages.String())
			}
		})
	}
}

type started struct {
	command  *exec.Cmd
	lines    *bufio.Scanner
	messages bytes.Buffer
}

func startProgram(t *testing.T, args ...string) *started {
	t.Helper()
	args = append([]string{"-bootstrap", bootstrap, "-cleanup", cleanup, "-presets", filepath.Join(root, "presets.yaml")}, args...)
	p := &started{command: exec.CommandContext(t.Context(), program, args...)}
	p.command.Stderr = &p.messages
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	return p
}

// until reads the output up to a line.
func (p *started) until(t *testing.T, last string) string {
	t.Helper()
	var read strings.Builder
	for p.lines.Scan() {
		read.WriteString(p.lines.Text() + "\n")
		if p.lines.Text() == last {
			return read.String()
		}
	}
	t.Fatalf("the output ended without %q:\n%s", last, read.String())
	return ""
}

// stop presses Ctrl-C, after which the program ends by itself, and well.
func (p *started) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.command.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v:\n%s", err, p.messages.String())
		}
	case <-time.After(30 * time.Second):
		t.Error("it does not stop")
	}
}
