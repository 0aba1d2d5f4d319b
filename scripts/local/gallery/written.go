package gallery

import (
	"context"
	"strconv"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Written says that a variant or a record was created. It does not wait for what it looks up.
func (g *Gallery) Written(ctx context.Context, change event.Change) {
	go func() {
		g.lookups <- struct{}{}
		defer func() { <-g.lookups }()
		_ = g.look(ctx, change.Key) // what the lookup misses, the function's log line tells
	}()
}

// look reads whose variant or record an object is, and shows it.
func (g *Gallery) look(ctx context.Context, key string) error {
	if original, kind, ok := g.config.OriginalOfRecord(key); ok {
		read, err := g.readRecord(ctx, key, kind)
		if err != nil {
			return err
		}
		g.shown(original, func(e *entry) { g.showRecord(e, read) })
		return nil
	}
	info, err := g.objects.Head(ctx, key)
	if err != nil {
		return err
	}
	g.shown(info.Metadata[report.MetaOriginal], func(e *entry) { g.show(e, info) })
	return nil
}

// shown changes what is told of an original that is there.
func (g *Gallery) shown(original string, change func(*entry)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[original]; e != nil {
		change(e)
		g.mark(e.Key)
	}
}

// show puts a variant into its original's account, unless it shows an older state of the original.
func (g *Gallery) show(e *entry, info store.Info) {
	etag := info.Metadata[report.MetaETag]
	if e.ETag != etag {
		return
	}
	v := e.variant(info.Metadata[report.MetaPreset])
	v.Key, v.URL, v.Type, v.Bytes = info.Key, g.url(info.Key), info.ContentType, info.Size
	v.Source = g.links.URL(info.Key, etag, info.Metadata[report.MetaFingerprint])
	v.Width, _ = strconv.Atoi(info.Metadata[report.MetaWidth])
	v.Height, _ = strconv.Atoi(info.Metadata[report.MetaHeight])
	v.Reason, v.Error = "", ""
	e.set(v)
}
