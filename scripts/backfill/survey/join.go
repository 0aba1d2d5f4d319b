package survey

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/store"
)

// join brings together the originals and the variants of one range, which may give its rest away meanwhile.
func (w *walk) join(ctx context.Context, s span, dropped []folder, share *sharing) error {
	return w.deliver(ctx, func(ctx context.Context, submit func(*group) error) error {
		r := &part{walk: w, end: endAt(s.to), share: share}
		done := make(chan struct{})
		streams := w.streams(s.from, r.end, done, dropped)
		readers, ctx := errgroup.WithContext(ctx)
		for _, s := range streams {
			readers.Go(func() error { return s.read(ctx, w) })
		}
		readers.Go(func() error {
			defer close(done)
			return r.merge(ctx, streams, submit)
		})
		return readers.Wait()
	})
}

// streams are the listings of a range: the originals', and one for each prefix of variants.
func (w *walk) streams(from string, e *end, done <-chan struct{}, dropped []folder) []*stream {
	narrowed := w.narrowed
	if w.After != "" && w.aligned {
		from = start(w.After[len(w.Config.Originals):])
	}
	all := []*stream{{
		objects: w.Originals, prefix: w.Config.Originals, listed: w.Config.Originals + narrowed, from: from, ofOriginals: true,
	}}
	if !w.aligned {
		narrowed = ""
	}
	folders := slices.Clone(dropped)
	for _, prefix := range w.prefixes() {
		folders = append(folders, folder{prefix: prefix})
	}
	for _, f := range folders {
		all = append(all, &stream{
			objects: w.Variants, prefix: f.prefix, listed: f.prefix + narrowed, skip: w.Config.Reserved(),
			from: max(from, f.from),
		})
	}
	for _, s := range all {
		s.end, s.done, s.ready = e, done, make(chan []store.Info, chunks)
	}
	return all
}

// prefixes are those of the presets' variants, each once.
func (w *walk) prefixes() []string {
	var out []string
	for _, p := range w.presets {
		if prefix := w.Config.VariantPrefix(p.Name); !slices.Contains(out, prefix) {
			out = append(out, prefix)
		}
	}
	return out
}

// start is where the listings must begin to meet every group that comes after the one of a relative key. A group that
// comes later can have a smaller key only if the latter begins with it and goes on with a character below '/', as
// "photo-1.jpg" does with "photo".
func start(relative string) string {
	for i := range len(relative) {
		if relative[i] < '/' {
			return relative[:i]
		}
	}
	return relative
}

// merge always takes the smallest relative key of all streams, puts the object to its group, and submits the groups that
// all streams have passed.
func (r *part) merge(ctx context.Context, streams []*stream, submit func(*group) error) error {
	open := groups{byID: map[string]*group{}}
	for {
		var first *stream
		least := ""
		for _, s := range streams {
			relative, more, err := s.peek(ctx)
			if err != nil {
				return err
			}
			if more && !r.end.passed(relative) && (first == nil || relative < least) {
				first, least = s, relative
			}
		}
		for g := open.complete(least, first == nil); g != nil; g = open.complete(least, first == nil) {
			if err := submit(g); err != nil {
				return err
			}
		}
		if first == nil {
			return nil
		}
		if first.ofOriginals {
			if err := r.offer(ctx, least); err != nil {
				return err
			}
		}
		if err := r.place(&open, first, submit); err != nil {
			return err
		}
	}
}

// place puts the next object of a stream to its group; one that is no variant is a group of its own.
func (w *walk) place(open *groups, s *stream, submit func(*group) error) error {
	info := s.take()
	if s.ofOriginals {
		if dir, name, ok := w.Config.Stem(info.Key); ok {
			g := open.of(w, dir, name)
			g.originals = append(g.originals, info)
		}
		return nil
	}
	preset, dir, name, _, ok := w.Config.ParseVariantKey(info.Key)
	if !ok {
		return submit(&group{variants: []*standing{{Info: info}}})
	}
	if len(w.Presets) > 0 && !slices.Contains(w.Presets, preset) {
		return nil
	}
	g := open.of(w, dir, name)
	g.variants = append(g.variants, &standing{Info: info, preset: preset})
	return nil
}
