package main_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/scripts/local/machine"
)

// What every test shares: the machine, because one S3 server is all that a process can have, and paths, because that
// server changes the working directory.
var (
	root      string // of the project
	bootstrap string // of resize, the real one
	cleanup   string // of cleanup, the real one
	backfill  string // the real one
	program   string // this command
	shared    *machine.Machine
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "presize-local-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := prepare(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := shared.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func prepare(folder string) (err error) {
	if root, err = filepath.Abs(filepath.Join("..", "..")); err != nil {
		return err
	}
	program = filepath.Join(folder, "local")
	if err := command("go", "build", "-o", program, "."); err != nil {
		return err
	}
	if bootstrap, err = build("PRESIZE_BOOTSTRAP", "./functions/resize", filepath.Join(folder, "resize", "bootstrap")); err != nil {
		return err
	}
	if cleanup, err = build("PRESIZE_CLEANUP", "./functions/cleanup", filepath.Join(folder, "cleanup", "bootstrap")); err != nil {
		return err
	}
	if backfill, err = build("PRESIZE_BACKFILL", "./scripts/backfill", filepath.Join(folder, "backfill")); err != nil {
		return err
	}
	shared, err = machine.Start(context.Background(), machine.Options{
		Bootstrap: bootstrap, Cleanup: cleanup, Presets: filepath.Join(root, "presets.yaml"), Data: filepath.Join(folder, "data"),
		RetryWaits: []time.Duration{time.Millisecond, time.Millisecond},
	})
	return err
}

// build builds a program of the main module, which links libvips, as `make` does, unless a variable names one that is built
// already.
func build(variable, source, built string) (string, error) {
	if named := os.Getenv(variable); named != "" {
		return filepath.Abs(named)
	}
	return built, command("sh", "-c",
		`unset MAKEFLAGS MAKELEVEL && cd "$1" && settings=$(make -s env) && eval "$settings" && exec go build -o "$2" "$3"`,
		"sh", root, built, source)
}

func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
