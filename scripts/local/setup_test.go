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
	bootstrap string // the real one
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
	if bootstrap, err = buildBootstrap(filepath.Join(folder, "resize")); err != nil {
		return err
	}
	shared, err = machine.Start(context.Background(), machine.Options{
		Bootstrap: bootstrap, Presets: filepath.Join(root, "presets.yaml"), Data: filepath.Join(folder, "data"),
		RetryWaits: []time.Duration{time.Millisecond, time.Millisecond},
	})
	return err
}

// buildBootstrap builds the function as `make` does, unless PRESIZE_BOOTSTRAP names one that is built already.
func buildBootstrap(folder string) (string, error) {
	if built := os.Getenv("PRESIZE_BOOTSTRAP"); built != "" {
		return filepath.Abs(built)
	}
	built := filepath.Join(folder, "bootstrap")
	return built, command("sh", "-c",
		`unset MAKEFLAGS MAKELEVEL && cd "$1" && settings=$(make -s env) && eval "$settings" && exec go build -o "$2" ./functions/resize`,
		"sh", root, built)
}

func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
