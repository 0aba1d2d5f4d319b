package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/contest"
	"github.com/presize/presize/scripts/bench/corpus"
	"github.com/presize/presize/scripts/bench/facts"
	"github.com/presize/presize/scripts/bench/invocation"
	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/bench/quality"
	"github.com/presize/presize/scripts/bench/result"
)

// Whole invocations are measured with one original of a kind, and cold starts with a photo and with next to nothing:
// what takes minutes to encode says little about either.
var (
	invoked = []string{"phone-12mp.jpg", "camera-24mp.jpg", "photo-14mp.png", "web-6mp.jpg", "avatar.jpg"}
	started = []string{"phone-12mp.jpg", "avatar.jpg"}
)

func (s settings) measure(ctx context.Context) (measured *result.Run, err error) {
	if err := process.Ordinary(); err != nil {
		return nil, err
	}
	config, err := preset.LoadFile(s.presets)
	if err != nil {
		return nil, err
	}
	if err := contest.CheckPresets(config); err != nil {
		return nil, fmt.Errorf("%s: %w", s.presets, err)
	}
	files, err := s.originals(ctx, config)
	if err != nil {
		return nil, err
	}
	field, err := s.field()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, field.Close()) }()
	measured = &result.Run{Rounds: s.rounds, Files: files}
	for _, e := range field.Entrants {
		measured.Contestants = append(measured.Contestants, e.Contestant)
	}
	if measured.Machine, err = facts.Machine(ctx, field.Pinned()); err != nil {
		return nil, err
	}
	if measured.Versions, err = facts.Versions(ctx, s.node); err != nil {
		return nil, err
	}
	if measured.Cells, err = field.Sample(ctx, files, s.rounds, os.Stderr); err != nil {
		return nil, err
	}
	progress := func(text string) { fmt.Fprintln(os.Stderr, text) }
	judge := quality.Judge{
		Config: config, Renderer: renderer{field}, Folder: filepath.Join(s.out, "variants"),
		Progress: func(format string, arguments ...any) { progress(fmt.Sprintf(format, arguments...)) },
	}
	if err := judge.Run(ctx, measured); err != nil {
		return nil, err
	}
	if err := field.Close(); err != nil {
		return nil, err
	}
	measured.Invocations, measured.Cold, err = invocation.Measure(ctx, invocation.Options{
		Files: among(files, invoked), Cold: among(files, started), Function: s.function, Node: s.node,
		Rounds: s.rounds, CPU: field.CPU(), Progress: progress,
	})
	return measured, err
}

func (s settings) originals(ctx context.Context, config *preset.Config) ([]result.File, error) {
	names, err := corpus.Names(s.files)
	if err == nil && len(names) == 0 {
		err = errors.New("no original of the corpus matches")
	}
	if err != nil {
		return nil, fmt.Errorf("-files %q: %w", s.files, err)
	}
	fmt.Fprintln(os.Stderr, "Making the originals (the first time takes a minute)...")
	return corpus.Make(ctx, s.corpus, names, config.Limits)
}

// field are the contestants that were asked for.
func (s settings) field() (*contest.Field, error) {
	entrants := contest.Entrants(contest.Places{Programs: s.programs, Node: s.node, Presets: s.presets})
	if s.contestants == "" {
		return contest.NewField(entrants)
	}
	var chosen []contest.Entrant
	for name := range strings.SplitSeq(s.contestants, ",") {
		i := slices.IndexFunc(entrants, func(e contest.Entrant) bool { return e.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("-contestants %q: there is no %q", s.contestants, name)
		}
		chosen = append(chosen, entrants[i])
	}
	return contest.NewField(chosen)
}

func among(files []result.File, names []string) []result.File {
	return slices.DeleteFunc(slices.Clone(files), func(f result.File) bool { return !slices.Contains(names, f.Name) })
}
