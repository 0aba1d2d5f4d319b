package invoke

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// FromEnvironment makes the handler that the environment describes. It runs in the function's init phase: a wrong
// setting or presets.yaml stops the function before it takes an event, with every mistake in its log.
func FromEnvironment(ctx context.Context) (*Handler, error) {
	settings, err := ReadSettings(os.Getenv)
	if err != nil {
		return nil, err
	}
	aws, err := store.Load(ctx, store.Options{})
	if err != nil {
		return nil, err
	}
	client, err := store.Connect(ctx, store.Options{UsePathStyle: settings.PathStyle})
	if err != nil {
		return nil, err
	}
	config, err := loadPresets(ctx, client, settings.Presets)
	if err != nil {
		return nil, err
	}
	h := New(settings, config, client, os.Stdout)
	if h.Pipeline.Refresh, err = refresher(aws, settings, config); err != nil {
		return nil, err
	}
	if h.Pipeline.Announce, err = announcer(aws, settings); err != nil {
		return nil, err
	}
	return h, nil
}

// New wires a handler; metrics go to the writer, one line of Embedded Metric Format for each original.
func New(settings Settings, config *preset.Config, client *s3.Client, metrics io.Writer) *Handler {
	log := lambdacontext.NewLogger()
	meter := report.NewMeter(metrics, settings.Namespace, settings.Function)
	open := func(bucket string) store.Objects { return store.NewS3(client, bucket) }
	target := open
	if settings.Target != "" {
		target = func(string) store.Objects { return open(settings.Target) }
	}
	links, _ := report.NewLinks(settings.BaseURL) // Validate has refused what is wrong
	return &Handler{
		Margin: settings.Margin,
		Log:    log,
		Pipeline: &pipeline.Pipeline{
			Config: config, Source: open, Target: target, Links: links, Workers: runtime.GOMAXPROCS(0),
			Report: func(ctx context.Context, original report.Original) {
				original.Log(ctx, log)
				if settings.Namespace == "none" {
					return
				}
				if err := meter.Count(original); err != nil {
					log.ErrorContext(ctx, "metrics", "error", err)
				}
			},
		},
	}
}

// maxPresets bounds presets.yaml in S3, in bytes; the loader's own limit is the same.
const maxPresets = 1 << 20

func loadPresets(ctx context.Context, client *s3.Client, place string) (*preset.Config, error) {
	rest, ok := strings.CutPrefix(place, "s3://")
	if !ok {
		return preset.LoadFile(place)
	}
	bucket, key, _ := strings.Cut(rest, "/")
	_, body, err := store.NewS3(client, bucket).Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("reading the presets of PRESIZE_PRESETS: %w", err)
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxPresets+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", place, err)
	}
	return preset.Load(place, data)
}
