package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/presize/presize/scripts/local/machine"
)

// settings are the command line. Every path is absolute.
type settings struct {
	bootstrap, cleanup, presets, data string
	files                             []string
	once, verbose                     bool
	ports                             machine.Ports
	timeout                           time.Duration
	processes                         int
	retries                           []time.Duration
}

const usage = `Runs the whole Presize pipeline on this machine: an S3 bucket, the same bootstraps that
AWS Lambda gets, a CDN front for the variants, an event bus, and a page to drop images into.
AWS clients reach the bucket, the functions and the CDN by the endpoint URLs that it prints.

Usage: local [flags] [FILE or FOLDER ...]

The files, and every image below the folders, are uploaded to the bucket at the start;
without any, %s. Then a table of their variants is printed,
and the pipeline stays up until Ctrl-C. With -once it exits: with 0 if every variant of
every file was made, with 1 otherwise.

Flags:
`

// readSettings reads the command line. It prints what is wrong with a flag, or the help.
func readSettings(args []string, messages io.Writer) (settings, error) {
	root := projectRoot()
	examples := filepath.Join(root, "testdata", "originals")
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(messages, usage, short(examples))
		flags.PrintDefaults()
	}
	var s settings
	flags.StringVar(&s.bootstrap, "bootstrap", short(filepath.Join(root, ".build", "resize", "bootstrap")), "the built function that makes variants, `file`")
	flags.StringVar(&s.cleanup, "cleanup", short(filepath.Join(root, ".build", "cleanup", "bootstrap")), "the built function that takes variants away, `file`")
	flags.StringVar(&s.presets, "presets", short(filepath.Join(root, "presets.yaml")), "the sizes to make, `file`")
	flags.StringVar(&s.data, "data", short(filepath.Join(root, ".data")), "`folder` of the bucket and the log; it survives a restart")
	flags.BoolVar(&s.once, "once", false, "exit when everything is done")
	flags.BoolVar(&s.verbose, "v", false, "show the functions' log lines, which also go to functions.log in the data folder")
	port := flags.Int("port", 8080, "`port` of the page; the CDN front, S3 and the API of Lambda, CloudFront and EventBridge take the next three. A port that is taken is\nreplaced by a free one. With -once the default is free ones")
	flags.DurationVar(&s.timeout, "timeout", time.Minute, "`time` that a function has for one invocation")
	flags.IntVar(&s.processes, "processes", 0, "`number` of processes that each function has at most (default: the CPUs)")
	retries := flags.String("retries", "1s,2s", "`times` to wait before each retry of a failed original; Lambda waits 1m,2m. \"none\" for no retry")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return settings{}, err
		}
		return settings{}, fmt.Errorf("%w; -help lists the flags", err)
	}
	s.files = flags.Args()
	if len(s.files) == 0 {
		s.files = []string{examples}
	}
	if !s.once || given(flags, "port") {
		s.ports = machine.Ports{Page: *port, CDN: *port + 1, S3: *port + 2, API: *port + 3}
	}
	var wrong error
	s.retries, wrong = readRetries(*retries)
	return s, errors.Join(wrong, s.check(*port), s.resolve())
}

func given(flags *flag.FlagSet, name string) bool {
	found := false
	flags.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

func (s *settings) check(port int) error {
	var wrong []error
	if port < 1 || port > 65532 {
		wrong = append(wrong, fmt.Errorf("-port is %d; it must be 1 to 65532", port))
	}
	if s.timeout <= 0 {
		wrong = append(wrong, fmt.Errorf("-timeout is %s; it must be more than 0", s.timeout))
	}
	if s.processes < 0 {
		wrong = append(wrong, fmt.Errorf("-processes is %d; it must be 1 or more, or 0 for the number of CPUs", s.processes))
	}
	for _, f := range []struct{ flag, path string }{{"bootstrap", s.bootstrap}, {"cleanup", s.cleanup}} {
		if _, err := os.Stat(f.path); errors.Is(err, os.ErrNotExist) {
			wrong = append(wrong, fmt.Errorf("-%s: there is no %s; `make run` in the project's folder builds it first", f.flag, f.path))
		}
	}
	return errors.Join(wrong...)
}

// resolve makes every path absolute: the S3 server changes the working directory.
func (s *settings) resolve() error {
	paths := []*string{&s.bootstrap, &s.cleanup, &s.presets, &s.data}
	for i := range s.files {
		paths = append(paths, &s.files[i])
	}
	for _, path := range paths {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}
	return nil
}

func readRetries(text string) ([]time.Duration, error) {
	waits := []time.Duration{}
	if text == "none" || text == "" {
		return waits, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		wait, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil || wait < 0 {
			return nil, fmt.Errorf("-retries is %q; it must be times such as 1s,2s, or none", text)
		}
		waits = append(waits, wait)
	}
	return waits, nil
}

// projectRoot is the nearest folder upwards with presets.yaml in it, or the working directory.
func projectRoot() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "presets.yaml")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return here
		}
	}
}

// short is a path relative to the working directory, for people to read.
func short(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil {
		return path
	}
	return relative
}
