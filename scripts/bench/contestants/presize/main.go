// Command presize is the contestant Presize: functions/pipeline/imaging as it is shipped, with the presets of presets.yaml.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/contest/protocol"
)

func main() {
	path := flag.String("presets", "presets.yaml", "the presets to render")
	flag.Parse()
	config, err := preset.LoadFile(*path)
	if err == nil {
		err = protocol.Serve(context.Background(), os.Stdin, os.Stdout, presize{config})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "presize:", err)
		os.Exit(1)
	}
}

type presize struct{ config *preset.Config }

// Render does what the pipeline does between fetching and storing: presets side by side, as many as there are processors,
// and in its order.
func (p presize) Render(ctx context.Context, data []byte, quality int) ([]protocol.Output, error) {
	presets := atQuality(p.config.Presets, quality)
	header, err := imaging.Probe(data, p.config.Limits, p.config.SVG)
	if err != nil {
		return nil, err
	}
	master, err := imaging.Decode(ctx, data, header, presets)
	if err != nil {
		return nil, err
	}
	defer master.Close()
	outputs := make([]protocol.Output, len(presets))
	processors := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(processors)
	for _, i := range imaging.Order(presets, header, processors) {
		group.Go(func() error {
			made, err := master.Render(ctx, presets[i])
			outputs[i] = protocol.Output{
				Preset: presets[i].Name, Extension: made.Format.Extension(),
				Width: made.Width, Height: made.Height, Data: made.Data,
			}
			return err
		})
	}
	return outputs, group.Wait()
}

// atQuality is presets with another quality in every lossy one; 0 leaves them as they are.
func atQuality(presets []preset.Preset, quality int) []preset.Preset {
	if quality == 0 {
		return presets
	}
	changed := make([]preset.Preset, len(presets))
	for i, p := range presets {
		if !p.Lossless {
			p.Quality = quality
		}
		changed[i] = p
	}
	return changed
}

// Inspect has nothing to add: Render knows the sizes, and the presets are obeyed.
func (presize) Inspect([]byte, []protocol.Output) (string, error) { return "", nil }
