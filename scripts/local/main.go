package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/presize/presize/scripts/local/cdn"
	"github.com/presize/presize/scripts/local/machine"
)

// Exit codes beside 0: something was not made or did not work, the command line was wrong, Ctrl-C came first.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// errIncomplete says that a variant is missing. What and why was printed.
var errIncomplete = errors.New("not every variant was made")

func main() {
	settings, err := readSettings(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "presize:", err)
		os.Exit(exitUsage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C ends this process, and its children with it
	}()
	err = run(ctx, settings, os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		os.Exit(exitInterrupted)
	case err != nil:
		fmt.Fprintln(os.Stderr, "presize:", err)
		os.Exit(exitFailed)
	}
}

// stopLimit is how long queued events are waited for at the end.
const stopLimit = time.Minute

// run runs the pipeline until its work is done, or for good, until ctx ends.
func run(ctx context.Context, s settings, out, messages io.Writer) (err error) {
	uploads, err := collect(s.files, messages)
	if err != nil {
		return err
	}
	log, err := openLog(s, messages)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	m, err := machine.Start(ctx, machine.Options{
		Bootstrap: s.bootstrap, Cleanup: s.cleanup, Presets: s.presets, Data: s.data, Ports: s.ports, Timeout: s.timeout,
		Processes: s.processes, RetryWaits: s.retries, Log: log,
	})
	if err != nil {
		return err
	}
	defer closeMachine(ctx, m, messages)
	for _, message := range m.Moved {
		_, _ = fmt.Fprintln(messages, message)
	}
	if s.once {
		return once(ctx, m, uploads, out, messages)
	}
	return serve(ctx, m, uploads, log.Name(), out, messages)
}

// once uploads, waits, prints, and fails unless every variant is there.
func once(ctx context.Context, m *machine.Machine, uploads []upload, out, messages io.Writer) error {
	accounts, err := process(ctx, m, uploads, messages)
	if err != nil {
		return err
	}
	printTable(out, m.Config.Originals, accounts)
	return verify(ctx, m, accounts, messages)
}

// serve uploads, prints, and stays until ctx ends.
func serve(ctx context.Context, m *machine.Machine, uploads []upload, log string, out, messages io.Writer) error {
	_, _ = fmt.Fprintf(out, "Presize runs. Open %s and drop images in.\n\n", m.Page)
	if err := m.Gallery.Load(ctx); err != nil {
		return fmt.Errorf("reading the bucket: %w", err)
	}
	accounts, err := process(ctx, m, uploads, messages)
	if err == nil {
		printTable(out, m.Config.Originals, accounts)
		_ = verify(ctx, m, accounts, messages) // what failed is said, and the page is of use all the same
		_, _ = fmt.Fprintf(out, placesFormat, m.Page, m.CDN+"/"+m.Config.Resized, m.S3, machine.Bucket,
			m.API, machine.Function, machine.Cleanup, cdn.Distribution, machine.Bus, log, m.Command())
		<-ctx.Done()
	}
	if ctx.Err() == nil {
		return err
	}
	return nil // Ctrl-C is how it is meant to end
}

const placesFormat = `
  page  %s
  CDN   %s
  S3    %s, bucket %s
  AWS   %s, Lambda's functions %s and %s,
        CloudFront's distribution %s, EventBridge's bus %s
  log   %s

Upload with any S3 client:

  %s

Ctrl-C stops.
`

func closeMachine(ctx context.Context, m *machine.Machine, messages io.Writer) {
	if pending := m.Pending(); ctx.Err() != nil && pending > 0 {
		_, _ = fmt.Fprintf(messages, "\nFinishing the %d events that are queued; Ctrl-C again stops at once.\n", pending)
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	if err := m.Close(limited); err != nil {
		_, _ = fmt.Fprintln(messages, "presize: stopping:", err)
	}
}

// log is the file with the functions' lines, which -v shows on the terminal too.
type log struct {
	*os.File
	also io.Writer
}

func openLog(s settings, messages io.Writer) (*log, error) {
	if err := os.MkdirAll(s.data, 0o750); err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	file, err := os.Create(filepath.Join(s.data, "functions.log"))
	if err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	also := io.Discard
	if s.verbose {
		also = messages
	}
	return &log{file, also}, nil
}

func (l *log) Write(line []byte) (int, error) {
	_, _ = l.also.Write(line)
	return l.File.Write(line)
}
