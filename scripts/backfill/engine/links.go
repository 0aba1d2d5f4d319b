package engine

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// maxLooked is how many manifests are read to find one that names a variant; few have none.
const maxLooked = 10

// BaseURL is what the URLs in the manifests that stand there begin with, as report.NewLinks takes it: a backfill that wrote
// others would undo what the function wrote. Empty when they are relative, or when there are none.
func BaseURL(ctx context.Context, config *preset.Config, variants store.Objects) (string, error) {
	if !config.Manifest {
		return "", nil
	}
	looked := 0
	for info, err := range variants.List(ctx, folder(config, preset.ManifestRecord), "") {
		if err != nil {
			return "", err
		}
		if looked++; looked > maxLooked {
			break
		}
		base, ok, err := baseOf(ctx, variants, info.Key)
		if ok || err != nil {
			return base, err
		}
	}
	return "", nil
}

func baseOf(ctx context.Context, variants store.Objects, key string) (base string, ok bool, err error) {
	data, err := read(ctx, variants, key)
	if err != nil || data == nil {
		return "", false, err
	}
	manifest, err := report.DecodeManifest(data)
	if err != nil || len(manifest.Variants) == 0 {
		return "", false, nil //nolint:nilerr // of another version, or foreign: the next may do
	}
	v := manifest.Variants[0]
	path, _, _ := strings.Cut(v.URL, "?")
	base, ok = strings.CutSuffix(path, "/"+preset.URLPath(v.Key))
	return base, ok, nil
}

// maxDocument bounds a record, in bytes; those that Presize writes have a few KB.
const maxDocument = 1 << 20

// read is a small object's body; nil when it is not there.
func read(ctx context.Context, bucket store.Objects, key string) ([]byte, error) {
	_, body, err := bucket.Open(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, maxDocument))
}

// folder is what the keys of records of a kind begin with.
func folder(config *preset.Config, of preset.Record) string { return config.Resized + string(of) + "/" }
