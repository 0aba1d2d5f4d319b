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

// maxProbes bounds what one split costs.
const maxProbes = 64

// split finds bounds in the rest of a range, behind its first key, that part it for a number of ranges more, and the
// variants with it, in their order. It finds out by probing which characters keys go on with, and goes deeper until there are enough.
//
// Originals and their variants must be on the same side of every bound. They begin with the stem alike and go on with
// nothing or a ".", so that they can be on two sides only of a bound that itself begins with the stem and goes on with a
// character up to ".". A bound without such characters is safe: "users/4", but nothing below a folder "2024-05/".
func (w *walk) split(ctx context.Context, rest span, number int) ([]string, error) {
	p := &prober{walk: w, rest: rest}
	level, bounds := []string{w.narrowed}, []string{}
	for len(level) > 0 && len(bounds) < number && p.probes.Load() < maxProbes {
		deeper, err := p.level(ctx, level)
		if err != nil {
			return nil, err
		}
		level = deeper
		for _, b := range deeper {
			if b > rest.from && !rest.passed(b) {
				bounds = append(bounds, b)
			}
		}
	}
	slices.Sort(bounds)
	return thin(slices.Compact(bounds), number), nil
}

// safe says whether a relative key may be a bound, or the beginning of one.
func safe(key string) bool {
	return !strings.ContainsFunc(key, func(r rune) bool { return r < '/' }) && utf8.ValidString(key)
}

// prober looks for keys in the rest of a range.
type prober struct {
	*walk

	rest   span
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

// first is the first original's relative key in the rest that begins with prefix and sorts at or after from.
func (p *prober) first(ctx context.Context, prefix, from string) (relative string, found bool, err error) {
	p.probes.Add(1)
	from = max(from, p.rest.from)
	after := ""
	if from > prefix {
		after = below(p.Config.Originals + from)
	}
	err = p.each(ctx, p.Originals, p.Config.Originals+prefix, after, func(info store.Info) (bool, error) {
		relative = info.Key[len(p.Config.Originals):]
		found = relative >= from && relative > prefix
		return found, nil
	})
	return relative, found && !p.rest.passed(relative), err
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
