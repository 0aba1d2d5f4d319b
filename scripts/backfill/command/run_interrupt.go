package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/presize/presize/scripts/backfill/engine"
)

// exitInterrupted is what shells give a process that SIGINT ended: 128 and the signal's number.
const exitInterrupted = 130

// interrupts are the Ctrl-Cs, and SIGTERM, which schedulers send. While a run renders, the first lets what is in flight
// end; any other ends everything.
type interrupts struct {
	signals chan os.Signal
	cancel  context.CancelFunc
	out     io.Writer

	mu     sync.Mutex
	stop   chan struct{} // nil until a run renders
	caught bool
}

func listen(ctx context.Context, out io.Writer) (context.Context, *interrupts) {
	ctx, cancel := context.WithCancel(ctx)
	i := &interrupts{signals: make(chan os.Signal, 2), cancel: cancel, out: out}
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range i.signals {
			i.interrupt()
		}
	}()
	return ctx, i
}

// running is closed by the first interrupt from now on.
func (i *interrupts) running() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop = make(chan struct{})
	return i.stop
}

func (i *interrupts) interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stop == nil || i.caught {
		i.caught = true
		i.cancel()
		return
	}
	i.caught = true
	close(i.stop)
	_, _ = fmt.Fprintln(i.out, "\nFinishing what is in flight; Ctrl-C again stops at once.")
}

// explain gives the error of a run that was interrupted its exit code. That it was stopped is no news.
func (i *interrupts) explain(err error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, named := errors.AsType[*exitError](err)
	switch {
	case err == nil || !i.caught || named:
		return err
	case errors.Is(err, engine.ErrStopped) || errors.Is(err, context.Canceled):
		return &exitError{code: exitInterrupted}
	}
	return &exitError{exitInterrupted, err}
}

func (i *interrupts) close() {
	signal.Stop(i.signals)
	close(i.signals)
	i.cancel()
}

// commandLine is what repeats the command: the flags that were given, but for those left out.
func commandLine(c *cobra.Command, leftOut ...string) string {
	words := []string{c.CommandPath()}
	c.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(leftOut, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if f.Value.Type() == "bool" {
				words = append(words, "--"+f.Name+"="+value)
			} else {
				words = append(words, "--"+f.Name, quote(value))
			}
		}
	})
	return strings.Join(words, " ")
}

// quote makes one word of a POSIX shell.
func quote(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
