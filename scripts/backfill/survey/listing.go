package survey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/presize/presize/functions/pipeline/store"
)

// Retries of a listing or a HEAD that failed for the moment, besides the S3 client's own.
const (
	tries      = 6
	firstPause = 100 * time.Millisecond
	longPause  = 10 * time.Second
)

// pageKeys is how many objects S3 lists in one answer, and so in one request that is paid for.
const pageKeys = 1000

func pauses() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = firstPause, longPause
	return b
}

// each calls f with the objects below prefix that come after the key after, until f has enough. After an error that a retry
// may mend it goes on behind the last key, for as long as that gets it further.
func (w *walk) each(ctx context.Context, objects store.Objects, prefix, after string, f func(store.Info) (enough bool, err error)) error {
	pause, failures := pauses(), 0
	for {
		seen, last, err := w.list(ctx, objects, prefix, after, f)
		if err == nil || last.own || !store.Retryable(err) || ctx.Err() != nil {
			return err
		}
		if seen > 0 {
			after, failures = last.key, 0
			pause.Reset()
		}
		if failures++; failures >= tries {
			return fmt.Errorf("listing %q failed %d times without getting further: %w", prefix, failures, err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause.NextBackOff()):
		}
	}
}

// reached is how far a listing got, and whether its error is f's own.
type reached struct {
	key string
	own bool
}

func (w *walk) list(ctx context.Context, objects store.Objects, prefix, after string, f func(store.Info) (bool, error)) (seen int, last reached, err error) {
	w.lists.Add(1)
	w.progress()
	for info, err := range objects.List(ctx, prefix, after) {
		if err != nil {
			return seen, last, err
		}
		if seen > 0 && seen%pageKeys == 0 {
			w.lists.Add(1)
			w.progress()
		}
		seen++
		last.key = info.Key
		enough, err := f(info)
		if err != nil {
			last.own = true
			return seen, last, err
		}
		if enough {
			return seen, last, nil
		}
	}
	return seen, last, nil
}

// lastRune is the last character there is; behind a prefix, it jumps over everything that begins so. It is a noncharacter
// of Unicode that no key holds.
const lastRune = "\U0010FFFF"

// below is a key that sorts right below key, which must be valid UTF-8: what is listed after it begins with key, as good
// as always.
func below(key string) string {
	runes := []rune(key)
	if len(runes) == 0 {
		return ""
	}
	last := &runes[len(runes)-1]
	switch *last {
	case 0:
		return string(runes[:len(runes)-1])
	case 0xE000: // behind the surrogates
		*last = 0xD7FF
	default:
		*last--
	}
	return string(runes) + lastRune
}

// covering is the prefix of a list that a key has; empty when it has none.
func covering(prefixes []string, key string) string {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) {
			return p
		}
	}
	return ""
}
