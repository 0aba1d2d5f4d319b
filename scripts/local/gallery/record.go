package gallery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// errForeign says that what stands at a record's key is none.
var errForeign = errors.New("no record of Presize")

// maxRecord bounds what is read of a record, in bytes.
const maxRecord = 4 << 20

// record is a manifest, or the record of a failure.
type record struct {
	key, etag string // the record's own
	manifest  *report.Manifest
	failure   *report.FailureRecord
}

// readRecord reads a record. Its error is store.ErrNotFound when it is gone, and errForeign when it is none.
func (g *Gallery) readRecord(ctx context.Context, key string, kind preset.Record) (record, error) {
	info, body, err := g.objects.Open(ctx, key)
	if err != nil {
		return record{}, err
	}
	defer func() { _ = body.Close() }()
	data, err := io.ReadAll(io.LimitReader(body, maxRecord))
	if err != nil {
		return record{}, err
	}
	read := record{key: key, etag: info.ETag}
	if kind == preset.ManifestRecord {
		manifest, err := report.DecodeManifest(data)
		if err != nil {
			return record{}, fmt.Errorf("%q: %w: %w", key, errForeign, err)
		}
		read.manifest = &manifest
		return read, nil
	}
	failure, err := report.DecodeFailure(data)
	if err != nil {
		return record{}, fmt.Errorf("%q: %w: %w", key, errForeign, err)
	}
	read.failure = &failure
	return read, nil
}

// showRecord puts what a record says into its original's account, unless it is about an older state of the original.
func (g *Gallery) showRecord(e *entry, read record) {
	switch {
	case read.manifest != nil && read.manifest.Original.ETag == e.ETag:
		g.showManifest(e, read)
	case read.failure != nil && read.failure.Original.ETag == e.ETag:
		e.Failure, e.FailureKey = read.failure, read.key
	}
}

func (g *Gallery) showManifest(e *entry, read record) {
	m := read.manifest
	e.Manifest = g.url(read.key) + "?v=" + read.etag
	e.Placeholder, e.PlaceholderOld = m.Placeholder, false
	if e.Width == 0 {
		e.Width, e.Height, e.Frames = m.Original.Width, m.Original.Height, m.Original.Frames
		e.Type = strings.TrimPrefix(m.Original.Type, "image/")
	}
	for _, made := range m.Variants {
		v := e.variant(made.Preset)
		v.Key, v.URL, v.Source, v.Type = made.Key, g.url(made.Key), made.URL, made.Type
		v.Width, v.Height, v.Bytes = made.Width, made.Height, made.Bytes
		v.Reason, v.Error = "", ""
		e.set(v)
	}
	for _, failed := range m.Failures {
		if v := e.variant(failed.Preset); failed.Preset != "" && v.Key == "" {
			v.Reason, v.Error = failed.Reason, failed.Message
			e.set(v)
		}
	}
}
