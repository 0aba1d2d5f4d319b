package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// The exit codes. Those of an interrupted run and of a doctor that found something are theirs to name, by exitError.
const (
	exitFailed = 1
	exitUsage  = 2 // nothing was done: the command line, or presets.yaml, is wrong
)

// exitError is an error with an exit code of its own. Without an error nothing is printed.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is an error of the command line: it names the flag, what was found and what is right.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// Main runs the command line and gives the process's exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot() //nolint:contextcheck // cobra hands the context to each command
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code, silent := exitFailed, false
	if e, ok := errors.AsType[*exitError](err); ok {
		code, silent = e.code, e.err == nil
	}
	if !silent {
		_, _ = fmt.Fprintf(stderr, "backfill: %v\n", explain(err))
	}
	return code
}

func newRoot() *cobra.Command {
	p := &place{}
	root := &cobra.Command{
		Use:   "backfill",
		Short: "Bring the variants of a bucket up to what presets.yaml asks for",
		Long: `backfill compares the originals of a bucket with the variants that stand there, says what is missing or stale
and what a run would cost, and renders it.

Credentials and region come from where the AWS CLI has them: AWS_PROFILE, AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, aws sso login, or the machine's role.`,
		Example: `  backfill plan --bucket photos
  backfill plan --bucket photos --endpoint-url http://127.0.0.1:8082`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("found the command %q; see backfill --help", args[0])
			}
			return nil
		},
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see %s --help", err, c.CommandPath())
	})
	p.flags(root)
	_, plan := newPlan(p)
	_, doctor := newDoctor(p)
	root.AddCommand(plan, newRun(p), doctor)
	return root
}

// noArguments refuses what stands beside the flags.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("found %q behind %s; only flags are right there, see --help", args[0], c.CommandPath())
	}
	return nil
}
