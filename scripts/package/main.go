package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"

	"github.com/presize/presize/functions/pipeline/preset"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, messages io.Writer) error {
	s, err := readSettings(args, messages)
	if err != nil {
		return err
	}
	pinned, err := readLock(lockJSON)
	if err != nil {
		return err
	}
	if s.emulator {
		command, err := emulator(ctx, s, pinned, messages)
		if err == nil {
			_, _ = fmt.Fprintln(out, command)
		}
		return err
	}
	if s.toolchain == debian && otherGo(pinned) {
		return again(ctx, pinned, args, out, messages)
	}
	if _, err := preset.LoadFile(s.presets); err != nil {
		return err
	}
	for _, a := range s.arches {
		tools, err := toolchainFor(ctx, s, pinned, a, messages)
		if err != nil {
			return err
		}
		for _, name := range functions {
			if err := pack(ctx, s, tools, name, out); err != nil {
				return fmt.Errorf("%s for %s: %w", name, a.name, err)
			}
		}
	}
	return nil
}

// otherGo tells whether this program was built by another Go than the pinned one. The compressor in Go's library decides
// the zips' bytes as its compiler decides bootstrap's.
func otherGo(pinned lock) bool {
	return runtime.Version() != pinned.Go && os.Getenv("GOTOOLCHAIN") != pinned.Go
}

// again runs this program by the pinned Go, which the go command fetches when it is not here.
func again(ctx context.Context, pinned lock, args []string, out, messages io.Writer) error {
	command := exec.CommandContext(ctx, "go", append([]string{"run", "github.com/presize/presize/scripts/package"}, args...)...) //nolint:gosec // its own arguments
	command.Env = append(os.Environ(), "GOTOOLCHAIN="+pinned.Go, "GOFLAGS=")
	command.Stdout, command.Stderr = out, messages
	if err := command.Run(); err != nil {
		return fmt.Errorf("with %s, which package.lock.json pins: %w", pinned.Go, err)
	}
	return nil
}
