package protocol

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Output is a variant's bytes before anything is done with them.
type Output struct {
	Preset    string
	Extension string // without the dot
	Width     int    // pixels, of one frame; Inspect may fill it in
	Height    int    // pixels, of one frame; Inspect may fill it in
	Data      []byte
}

// Renderer is a contestant written in Go.
type Renderer interface {
	// Render makes every variant of data; the clock runs. A quality of 0 leaves the presets' own.
	Render(ctx context.Context, data []byte, quality int) ([]Output, error)
	// Inspect fills in what Render left open, and says what of the outputs is not as asked; the clock has stopped.
	Inspect(data []byte, outputs []Output) (short string, err error)
}

// Serve answers uploads until in ends. What goes wrong with an upload is in its answer; the error is of in or out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, renderer Renderer) error {
	lines := bufio.NewScanner(in)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		answer, err := one(ctx, lines.Bytes(), renderer)
		if err != nil {
			answer = Answer{Error: err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			return fmt.Errorf("answering: %w", err)
		}
	}
	return lines.Err()
}

// one reads an original into a fresh buffer, renders it by the clock, and writes what came of it.
func one(ctx context.Context, line []byte, renderer Renderer) (Answer, error) {
	var upload Upload
	if err := json.Unmarshal(line, &upload); err != nil {
		return Answer{}, fmt.Errorf("not an upload: %q: %w", line, err)
	}
	data, err := os.ReadFile(upload.File)
	if err != nil {
		return Answer{}, err
	}
	wall, cpu := time.Now(), usage()
	outputs, err := renderer.Render(ctx, data, upload.Quality)
	answer := Answer{CPU: milliseconds(usage() - cpu), Wall: milliseconds(time.Since(wall))}
	if err != nil {
		return Answer{}, err
	}
	if answer.Short, err = renderer.Inspect(data, outputs); err != nil {
		return Answer{}, err
	}
	for _, o := range outputs {
		variant := Variant{Preset: o.Preset, Width: o.Width, Height: o.Height, Bytes: int64(len(o.Data))}
		if upload.Out != "" {
			variant.Path = filepath.Join(upload.Out, o.Preset+"."+o.Extension)
			if err := os.WriteFile(variant.Path, o.Data, 0o644); err != nil {
				return Answer{}, err
			}
		}
		answer.Variants = append(answer.Variants, variant)
	}
	return answer, nil
}

// usage is the processor time of the whole process so far.
func usage() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err) // it fails on an invalid argument only
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
