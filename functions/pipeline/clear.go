package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// clear deletes the variants of originals that are gone, those of presets that are no longer in presets.yaml too.
func (p *Pipeline) clear(ctx context.Context, gone []*work) {
	isGone := func(w *work) bool { return errors.Is(w.err, errGone) }
	each(ctx, gone, func(ctx context.Context, w *work) error { return w.readManifest(ctx) })
	former := map[string][]string{}
	for _, w := range which(gone, isGone) {
		_, known := former[w.change.Bucket]
		if w.manifest != nil || known {
			continue // a manifest names the variants of former presets
		}
		names, err := p.formerPresets(ctx, w.target)
		if err != nil {
			w.err = err
			continue
		}
		former[w.change.Bucket] = names
	}
	each(ctx, which(gone, isGone), func(ctx context.Context, w *work) error { return w.own(ctx, former[w.change.Bucket]) })
	p.deleteAll(ctx, gone, func(w *work) []string { return w.deleted })
}

// own finds the variants of an original that is gone.
func (w *work) own(ctx context.Context, former []string) error {
	w.report.Variants = nil
	keys := append(w.candidates(true), w.manifestKey(), w.failureKey())
	if w.manifest == nil {
		for _, name := range former {
			keys = append(keys, w.pipeline.Config.PredictKeys(preset.Preset{Name: name, Format: preset.Original}, w.change.Key)...)
		}
	}
	found, err := w.heads(ctx, keys)
	if err != nil {
		return err
	}
	for _, there := range found {
		switch {
		case ReadMark(there.Metadata).Original != w.change.Key:
		case isRecord(w.pipeline.Config, there.Key):
			w.records = append(w.records, there.Key)
		default:
			w.deleted = append(w.deleted, there.Key)
		}
	}
	w.report.Deleted += len(w.deleted)
	w.expire()
	return nil
}

// maxFormer bounds how many folders are looked at for variants of presets that are no longer in presets.yaml, one LIST
// each.
const maxFormer = 100

// afterAll sorts behind everything that begins with what stands in front of it.
const afterAll = "\U0010FFFF"

// formerPresets names the presets that have variants and are no longer in presets.yaml, as far as a key begins with its
// preset: by jumping from the first variant of one to that of the next.
func (p *Pipeline) formerPresets(ctx context.Context, target store.Objects) ([]string, error) {
	if p.Config.VariantPrefix("") == p.Config.Resized {
		return nil, nil
	}
	var names []string
	after := ""
	for range maxFormer {
		next, err := first(ctx, target, p.Config.Resized, after)
		if err != nil || next == "" {
			return names, err
		}
		name, _, _, _, ok := p.Config.ParseVariantKey(next)
		switch {
		case ok:
			after = p.Config.VariantPrefix(name) + afterAll
			if !slices.ContainsFunc(p.Config.Presets, func(known preset.Preset) bool { return known.Name == name }) {
				names = append(names, name)
			}
		case isRecord(p.Config, next):
			folder, _, _ := strings.Cut(strings.TrimPrefix(next, p.Config.Resized), "/")
			after = p.Config.Resized + folder + "/" + afterAll
		default:
			after = next
			if folder := next[:strings.LastIndexByte(next, '/')+1]; folder != p.Config.Resized {
				after = folder + afterAll
			}
		}
	}
	return names, nil
}

func isRecord(config *preset.Config, key string) bool {
	_, _, ok := config.OriginalOfRecord(key)
	return ok
}

func first(ctx context.Context, objects store.Objects, prefix, after string) (string, error) {
	for info, err := range objects.List(ctx, prefix, after) {
		return info.Key, err
	}
	return "", nil
}

// deleteAll deletes objects of several works that are gone, in as few requests as possible for each bucket. When one
// fails, every work of the bucket is to be tried again.
func (p *Pipeline) deleteAll(ctx context.Context, works []*work, keys func(*work) []string) {
	buckets := map[string][]*work{}
	for _, w := range works {
		if errors.Is(w.err, errGone) {
			buckets[w.change.Bucket] = append(buckets[w.change.Bucket], w)
		}
	}
	for bucket, of := range buckets {
		var all []string
		for _, w := range of {
			all = append(all, keys(w)...)
		}
		slices.Sort(all)
		if all = slices.Compact(all); len(all) == 0 {
			continue
		}
		if err := p.Target(bucket).Delete(ctx, all...); err != nil {
			for _, w := range of {
				w.err = fmt.Errorf("deleting what belongs to %q: %w", w.change.Key, err)
			}
		}
	}
}

// forget deletes the records of originals that are gone, last of all: as long as the manifest stands, an interrupted
// change knows what it has to ask the CDN to forget. Then it looks whether an original is back: its variants may be among
// those that were deleted.
func (p *Pipeline) forget(ctx context.Context, gone []*work) {
	p.deleteAll(ctx, gone, func(w *work) []string { return w.records })
	each(ctx, which(gone, func(w *work) bool { return errors.Is(w.err, errGone) }), func(ctx context.Context, w *work) error {
		_, err := w.source.Head(ctx, w.change.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		}
		return errChanged
	})
}

// refresh asks the CDN to forget what is outdated of all works, once.
func (p *Pipeline) refresh(ctx context.Context, works []*work) {
	var outdated []Outdated
	var of []*work
	for _, w := range works {
		if len(w.outdated) > 0 && (w.stays() || errors.Is(w.err, errGone)) {
			of = append(of, w)
			outdated = append(outdated, Outdated{w.change.Key, w.outdated, errors.Is(w.err, errGone)})
			w.outdated = nil
		}
	}
	if p.Refresh == nil || len(outdated) == 0 {
		return
	}
	if err := p.Refresh(ctx, outdated); err != nil {
		for _, w := range of {
			w.err = fmt.Errorf("refreshing the CDN after a change of %q: %w", w.change.Key, err)
		}
	}
}
