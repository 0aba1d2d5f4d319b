package survey

import (
	"context"
	"strings"

	"github.com/presize/presize/functions/pipeline/store"
)

// A stream reads ahead by chunk objects a time, at most by about one page of S3.
const (
	chunk  = 250 // objects
	chunks = 3
)

// span is a range of relative keys: from the first, which is in it, to the last, which is not. Empty is without end.
type span struct{ from, to string }

// passed says whether a relative key is behind the range.
func (s span) passed(relative string) bool { return s.to != "" && relative >= s.to }

// stream is a listing whose keys are compared by what follows its prefix.
type stream struct {
	objects     store.Objects
	prefix      string   // of every key
	listed      string   // the prefix that is listed, which begins with prefix
	skip        []string // prefixes that are left out
	from        string   // the first relative key
	end         *end
	ofOriginals bool // originals, not variants

	ready chan []store.Info
	done  <-chan struct{} // closed when nothing more is wanted
	now   []store.Info
}

// read lists, until ctx ends or everything is listed.
func (s *stream) read(ctx context.Context, w *walk) error {
	batch := make([]store.Info, 0, chunk)
	send := func() (enough bool, err error) {
		select {
		case s.ready <- batch:
			batch = make([]store.Info, 0, chunk)
			return false, nil
		case <-s.done:
			return true, nil
		case <-ctx.Done():
			return true, context.Cause(ctx)
		}
	}
	after := ""
	if s.from != "" {
		after = max(after, below(s.prefix+s.from))
	}
	for jump := true; jump; {
		jump = false
		err := w.each(ctx, s.objects, s.listed, after, func(info store.Info) (bool, error) {
			relative := info.Key[len(s.prefix):]
			if relative < s.from {
				return false, nil
			}
			if s.end.passed(relative) {
				return true, nil
			}
			if p := covering(s.skip, info.Key); p != "" {
				jump, after = true, p+lastRune
				return true, nil
			}
			if batch = append(batch, info); len(batch) < chunk {
				return false, nil
			}
			return send()
		})
		if err != nil {
			return err
		}
	}
	if _, err := send(); err != nil {
		return err
	}
	close(s.ready) // not after an error: what is missing then must not look like the end
	return nil
}

// peek is the next object's key behind the prefix; false at the end.
func (s *stream) peek(ctx context.Context) (relative string, more bool, err error) {
	for len(s.now) == 0 {
		select {
		case batch, more := <-s.ready:
			if !more {
				return "", false, nil
			}
			s.now = batch
		case <-ctx.Done():
			return "", false, context.Cause(ctx)
		}
	}
	return strings.TrimPrefix(s.now[0].Key, s.prefix), true, nil
}

// take is the object that peek showed.
func (s *stream) take() store.Info {
	info := s.now[0]
	s.now = s.now[1:]
	return info
}
