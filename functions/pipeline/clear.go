package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// clear deletes the variants of originals that are gone, those of presets that are no longer in presets.yaml too.
func (p *Pipeline) clear(ctx context.Context, gone []*work) {
	if len(gone) > 0 { // once, so that not each of them asks
		if _, err := p.formerPresets(ctx, gone[0].change.Bucket); err != nil {
			for _, w := range gone {
				w.err = err
			}
			return
		}
	}
	each(ctx, gone, own)
	p.deleteAll(ctx, gone, func(w *work) []string { return w.deleted })
}

// own finds the variants of an original that is gone.
func own(ctx context.Context, w *work) error {
	w.report.Variants = nil
	clear(w.standing)
	if err := w.readManifest(ctx); err != nil {
		return err
	}
	former, err := w.formerKeys(ctx)
	if err != nil {
		return err
	}
	keys := slices.Concat(w.candidates(true), former, []string{w.manifestKey(), w.failureKey()})
	slices.Sort(keys)
	found, err := w.heads(ctx, slices.Compact(keys))
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

// formerKeys are the keys at which variants of the original may stand by presets that are no longer in presets.yaml.
func (w *work) formerKeys(ctx context.Context) ([]string, error) {
	config := w.pipeline.Config
	var keys []string
	if prefix, ok := config.OriginalPrefix(w.change.Key); ok {
		for info, err := range w.target.List(ctx, prefix, "") {
			if err != nil {
				return nil, err
			}
			keys = append(keys, info.Key)
		}
		return keys, nil
	}
	names, err := w.pipeline.formerPresets(ctx, w.change.Bucket)
	for _, name := range names {
		keys = append(keys, config.PredictKeys(preset.Preset{Name: name, Format: preset.Original}, w.change.Key)...)
	}
	return keys, err
}

// known is what was found of the presets of a bucket's variants, and when.
type known struct {
	names []string
	at    time.Time
}

// formerFor is how long a process takes its word for which former presets have variants.
const formerFor = 5 * time.Minute

// formerPresets names the presets that have variants and are no longer in presets.yaml, as far as a key begins with its
// preset.
func (p *Pipeline) formerPresets(ctx context.Context, bucket string) ([]string, error) {
	if p.Config.VariantPrefix("") == p.Config.Resized {
		return nil, nil
	}
	if k, ok := p.former.Load(bucket); ok {
		if k, ok := k.(known); ok && time.Since(k.at) < formerFor {
			return k.names, nil
		}
	}
	names, err := p.findFormer(ctx, p.Target(bucket))
	if err == nil {
		p.former.Store(bucket, known{names, time.Now()})
	}
	return names, err
}

// maxFormer bounds how many folders are looked at for variants of presets that are no longer in presets.yaml, one LIST
// each.
const maxFormer = 100

// afterAll sorts behind everything that begins with what stands in front of it.
const afterAll = "\U0010FFFF"

// findFormer jumps from the first variant of one preset to that of the next.
func (p *Pipeline) findFormer(ctx context.Context, target store.Objects) ([]string, error) {
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

// deleteAll deletes objects of several works that are gone, in as few requests as possible for each bucket.
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
		if p.Target(bucket).Delete(ctx, all...) == nil {
			continue
		}
		// Each by itself: what cannot be deleted of one is not the others' fault.
		each(ctx, of, func(ctx context.Context, w *work) error {
			if err := w.target.Delete(ctx, keys(w)...); err != nil {
				return fmt.Errorf("deleting what belongs to %q: %w", w.change.Key, err)
			}
			return nil
		})
	}
}

// forget announces that originals are gone and deletes their records, last of all: as long as the manifest stands, an
// interrupted change knows what it has to ask the CDN to forget, and that it has something to tell. Then it looks whether an original is back: its variants may be among
// those that were deleted.
func (p *Pipeline) forget(ctx context.Context, gone []*work) {
	each(ctx, gone, func(ctx context.Context, w *work) error { return w.announce(ctx, w.removal()) })
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
	of := which(works, func(w *work) bool { return len(w.outdated) > 0 && (w.stays() || errors.Is(w.err, errGone)) })
	if err := p.forgetAt(ctx, of); err != nil {
		for _, w := range of {
			w.err = notForgotten(w, err)
		}
	}
}

func notForgotten(w *work, err error) error {
	return fmt.Errorf("refreshing the CDN after a change of %q: %w", w.change.Key, err)
}

// forgetAt asks the CDN to forget what is outdated of works.
func (p *Pipeline) forgetAt(ctx context.Context, works []*work) error {
	var outdated []Outdated
	for _, w := range works {
		if len(w.outdated) > 0 {
			outdated = append(outdated, Outdated{w.change.Key, w.outdated, errors.Is(w.err, errGone)})
			w.outdated = nil
		}
	}
	if p.Refresh == nil || len(outdated) == 0 {
		return nil
	}
	return p.Refresh(ctx, outdated)
}
