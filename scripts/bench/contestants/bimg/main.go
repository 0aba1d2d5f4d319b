// Command bimg is the contestant bimg: the library by itself, one Process of the original's bytes for each preset.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/h2non/bimg"

	"github.com/presize/presize/scripts/bench/contest/protocol"
)

func main() {
	if err := protocol.Serve(context.Background(), os.Stdin, os.Stdout, contestant{}); err != nil {
		fmt.Fprintln(os.Stderr, "bimg:", err)
		os.Exit(1)
	}
}

// outputs are the presets that every contestant renders, in bimg's words. OutputICC converts only what has a profile.
var outputs = []struct {
	preset  string
	options bimg.Options
}{
	{"small", bimg.Options{Width: 368, Quality: 80, StripMetadata: true, OutputICC: "srgb"}},
	{"medium", bimg.Options{Width: 720, Quality: 80, StripMetadata: true, OutputICC: "srgb"}},
	{"large", bimg.Options{Width: 1440, Quality: 80, StripMetadata: true, OutputICC: "srgb"}},
	{"thumbnail", bimg.Options{
		Width: 150, Height: 150, Crop: true, Gravity: bimg.GravityCentre, Type: bimg.WEBP, Quality: 85,
		StripMetadata: true, OutputICC: "srgb",
	}},
}

type contestant struct{}

// Render asks for no more than the original's width: with a width alone bimg enlarges.
func (contestant) Render(_ context.Context, data []byte, quality int) ([]protocol.Output, error) {
	if quality != 0 {
		return nil, errors.New("bimg renders at the presets' own quality only")
	}
	meta, err := bimg.Metadata(data)
	if err != nil {
		return nil, err
	}
	width := meta.Size.Width
	if meta.Orientation >= 5 && meta.Orientation <= 8 {
		width = meta.Size.Height
	}
	if bimg.DetermineImageType(data) == bimg.GIF {
		return nil, errors.New("bimg keeps the first frame of an animation only")
	}
	made := make([]protocol.Output, 0, len(outputs))
	for _, o := range outputs {
		options := o.options
		options.Speed = 6 // of AVIF: 9 less the effort
		if !options.Crop {
			options.Width = min(options.Width, width)
			if bimg.DetermineImageType(data) == bimg.HEIF {
				options.Type = bimg.JPEG
			}
		}
		variant, err := bimg.NewImage(data).Process(options)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.preset, err)
		}
		made = append(made, protocol.Output{Preset: o.preset, Data: variant})
	}
	return made, nil
}

// Inspect measures the outputs, and says where bimg has no option for what was asked.
func (contestant) Inspect(data []byte, made []protocol.Output) (string, error) {
	meta, err := bimg.Metadata(data)
	if err != nil {
		return "", err
	}
	short := []string{"thumbnail at WebP effort 4"}
	if meta.Alpha {
		short = append(short, "a dark ring around transparency")
	}
	for i := range made {
		size, err := bimg.Size(made[i].Data)
		if err != nil {
			return "", fmt.Errorf("%s: %w", made[i].Preset, err)
		}
		made[i].Width, made[i].Height = size.Width, size.Height
		made[i].Extension = strings.Replace(bimg.DetermineImageTypeName(made[i].Data), "jpeg", "jpg", 1)
	}
	return strings.Join(short, "; "), nil
}
