package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/presize/presize/scripts/bench/report"
	"github.com/presize/presize/scripts/bench/result"
)

// run measures, or reads what was measured, and draws it.
func (s settings) run(ctx context.Context) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is no flag", flag.Arg(0))
	}
	if s.rounds < 1 {
		return fmt.Errorf("-rounds %d: want at least 1", s.rounds)
	}
	if s.from != "" {
		measured, err := read(s.from)
		if err != nil {
			return err
		}
		return s.draw(measured)
	}
	s, err := s.absolute()
	if err != nil {
		return err
	}
	measured, err := s.measure(ctx)
	if err != nil {
		return err
	}
	if err := s.write(measured); err != nil {
		return err
	}
	return s.draw(measured)
}

// absolute is s with absolute paths: an S3 server that takes part changes the working directory.
func (s settings) absolute() (settings, error) {
	var all []error
	for _, path := range []*string{&s.out, &s.programs, &s.function, &s.node, &s.corpus, &s.presets} {
		absolute, err := filepath.Abs(*path)
		all = append(all, err)
		*path = absolute
	}
	return s, errors.Join(all...)
}

func read(path string) (*result.Run, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var measured result.Run
	if err := json.Unmarshal(data, &measured); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &measured, nil
}

func (s settings) write(measured *result.Run) error {
	if err := os.MkdirAll(s.out, 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(measured, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.out, "results.json"), append(data, '\n'), 0o644)
}

// draw prints the table, and writes it, README's short one and the chart.
func (s settings) draw(measured *result.Run) error {
	if err := os.MkdirAll(s.out, 0o755); err != nil {
		return err
	}
	text := func(name string, write func(io.Writer, *result.Run) error, also ...io.Writer) error {
		file, err := os.Create(filepath.Join(s.out, name))
		if err != nil {
			return err
		}
		return errors.Join(write(io.MultiWriter(append(also, file)...), measured), file.Close())
	}
	chart := filepath.Join(s.out, "chart.png")
	err := errors.Join(
		text("table.txt", report.Write, os.Stdout),
		text("table.md", report.Markdown),
		report.Chart(chart, measured),
	)
	if err == nil {
		fmt.Fprintln(os.Stderr, "bench: the chart is", chart)
	}
	return err
}
