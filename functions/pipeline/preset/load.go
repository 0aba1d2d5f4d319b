package preset

import (
	"fmt"
	"io"
	"os"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

// Problem is one mistake in presets.yaml, with its place, its field and what would be right.
type Problem = document.Problem

// LoadFile is Load of the file at path.
func LoadFile(path string) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the presets: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, document.MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the presets: %w", err)
	}
	return Load(path, data)
}

// Load reads presets.yaml and fills in every default. name is the file's name for messages.
//
// The error joins one [*Problem] per mistake, in the file's order; [Problems] takes them apart.
func Load(name string, data []byte) (*Config, error) {
	d, source := document.Read(name, data)
	if d == nil {
		return nil, source.Err()
	}
	c := &Config{
		Version:   d.Version,
		Originals: d.Originals,
		Resized:   d.Resized,
		Key:       d.Key,
		SVG:       d.SVG,
		Manifest:  d.Manifest,
		Limits: Limits{
			MaxBytes:  int64(d.Limits.MaxBytes),
			MaxPixels: int64(d.Limits.MaxPixels),
			MaxFrames: d.Limits.MaxFrames,
		},
	}
	for _, p := range d.Presets {
		c.Presets = append(c.Presets, fromDocument(p, source))
	}
	checkPrefixes(c, source)
	checkKeys(c, source)
	for _, p := range c.Presets {
		checkPreset(p, c, source)
	}
	if err := source.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Problems are the mistakes that an error of Load joins; nil when there are none in it.
func Problems(err error) []*Problem {
	switch e := err.(type) { //nolint:errorlint // both forms are taken apart right here
	case *Problem:
		return []*Problem{e}
	case interface{ Unwrap() []error }:
		var out []*Problem
		for _, part := range e.Unwrap() {
			out = append(out, Problems(part)...)
		}
		return out
	case interface{ Unwrap() error }:
		return Problems(e.Unwrap())
	}
	return nil
}

func fromDocument(p document.Preset, source *document.Source) Preset {
	out := Preset{
		Name: p.Name, Width: p.Width, Height: p.Height, Match: p.Match,
		Fit: Fit(p.Fit), Gravity: Gravity(p.Gravity), Format: Format(p.Format),
		Quality: p.Quality, Effort: NoEffort, Lossless: p.Lossless, Progressive: p.Progressive, Chroma: Chroma(p.Chroma),
		Enlarge: p.Enlarge, Background: parseColor(p.Background), Sharpen: p.Sharpen, Blur: p.Blur,
		Animated: Animated(p.Animated), Metadata: Metadata(p.Metadata), CacheControl: p.CacheControl,
	}
	if source.Given("defaults.effort") || source.Given(fieldPath(p.Name, "effort")) {
		out.Effort = p.Effort
	}
	out.HasBackground = source.Given("defaults.background") || source.Given(fieldPath(p.Name, "background"))
	if out.Gravity == "center" {
		out.Gravity = Centre
	}
	if out.Format == "jpg" {
		out.Format = JPEG
	}
	return out
}

// fieldPath is the path of a preset's field, and of the preset itself for no field.
func fieldPath(preset, field string) string {
	path := document.Join("presets", preset)
	if field == "" {
		return path
	}
	return document.Join(path, field)
}
