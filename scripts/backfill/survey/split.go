package survey

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/store"
)

const (
	// defaultSplitAbove originals are listed faster in one go than the probes for ranges take.
	defaultSplitAbove = 2 * pageKeys
	// rangesPerListing is how many ranges there should be for each that is walked at a time, so that a large one
	// at the end does not keep the others' places empty.
	rangesPerListing = 4
	// maxProbes bounds what the probing costs: 400 requests are $0.002.
	maxProbes = 400
)

// split parts the originals, and the variants with them, into ranges that can be joined each on its own. It finds out by
// probing which characters keys go on with, and goes deeper until there are ranges enough.
//
// Originals and their variants must be on the same side of every bound. They begin with the stem alike and go on with
// nothing or a ".", so that they can be on two sides only of a bound that itself begins with the stem and goes on with a
// character up to ".". A bound without such characters is safe: "users/4", but nothing below a folder "2024-05/".
func (w *walk) split(ctx context.Context) ([]span, error) {
	if many, err := w.many(ctx); err != nil || !many || !safe(w.narrowed) {
		return []span{{}}, err
	}
	p := &prober{walk: w}
	level, bounds := []string{w.narrowed}, []string{}
	for len(level) > 0 && len(bounds) < or(w.Parallel, defaultParallel)*rangesPerListing && p.probes.Load() < maxProbes {
		deeper, err := p.level(ctx, level)
		if err != nil {
			return nil, err
		}
		level, bounds = deeper, append(bounds, deeper...)
	}
	return spans(bounds), nil
}

// many says whether there are originals enough for ranges.
func (w *walk) many(ctx context.Context) (bool, error) {
	seen, enough := 0, or(w.splitAbove, defaultSplitAbove)
	err := w.each(ctx, w.Originals, w.Config.Originals+w.narrowed, "", func(store.Info) (bool, error) {
		seen++
		return seen > enough, nil
	})
	return seen > enough, err
}

// safe says whether a relative key may be a bound, or the beginning of one.
func safe(key string) bool {
	return !strings.ContainsFunc(key, func(r rune) bool { return r < '/' }) && utf8.ValidString(key)
}

// prober looks for keys.
type prober struct {
	*walk

	probes atomic.Int64
}

// level gives the children of some prefixes, which it probes side by side.
func (p *prober) level(ctx context.Context, prefixes []string) ([]string, error) {
	found := make([][]string, len(prefixes))
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(or(p.Parallel, defaultParallel))
	for i, prefix := range prefixes {
		all.Go(func() (err error) {
			found[i], err = p.children(ctx, prefix)
			return err
		})
	}
	err := all.Wait()
	return slices.Concat(found...), err
}

// first is the first original's relative key that begins with prefix and sorts at or after from.
func (p *prober) first(ctx context.Context, prefix, from string) (relative string, found bool, err error) {
	p.probes.Add(1)
	after := ""
	if from > prefix {
		after = below(p.Config.Originals + from)
	}
	err = p.each(ctx, p.Originals, p.Config.Originals+prefix, after, func(info store.Info) (bool, error) {
		relative = info.Key[len(p.Config.Originals):]
		found = relative >= from && relative > prefix
		return found, nil
	})
	return relative, found, err
}

// children are the bounds that part what begins with prefix: prefix and each character that keys go on with. While all
// keys go on with the same folder, that is followed first.
func (p *prober) children(ctx context.Context, prefix string) ([]string, error) {
	var out []string
	from := prefix
	for p.probes.Load() < maxProbes {
		key, found, err := p.first(ctx, prefix, from)
		if err != nil || !found {
			return out, err
		}
		if from == prefix {
			if folder := folderBehind(key, prefix); folder != "" {
				_, more, err := p.first(ctx, prefix, next(folder))
				if err != nil {
					return nil, err
				}
				if !more {
					prefix, from = folder, folder
					continue
				}
			}
		}
		char, _ := utf8.DecodeRuneInString(key[len(prefix):])
		switch bound := prefix + string(char); {
		case char < '/':
			from = prefix + "/"
		default:
			if safe(bound) {
				out = append(out, bound)
			}
			from = next(bound)
		}
	}
	return out, nil
}

// folderBehind is the folder behind prefix that a key is in; empty when it is in none, or in one that no bound may hold.
func folderBehind(key, prefix string) string {
	slash := strings.IndexByte(key[len(prefix):], '/')
	if slash < 0 || !safe(key[:len(prefix)+slash]) {
		return ""
	}
	return key[:len(prefix)+slash+1]
}

// next is the smallest text behind all that begin with the prefix, as far as characters go.
func next(prefix string) string {
	last, size := utf8.DecodeLastRuneInString(prefix)
	last++
	if last == 0xD800 {
		last = 0xE000 // behind the surrogates
	}
	return prefix[:len(prefix)-size] + string(last)
}
