package price

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// Sample picks a few of many originals, whatever their number: those whose keys have the smallest hashes, so that the same
// bucket gives the same sample.
type Sample struct {
	Size   int
	picked []pick // by hash
}

type pick struct {
	hash uint64
	info store.Info
}

// Add considers one original.
func (s *Sample) Add(info store.Info) {
	if s.Size <= 0 || info.Size == 0 {
		return
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, info.Key)
	p := pick{h.Sum64(), info}
	i, _ := slices.BinarySearchFunc(s.picked, p, func(a, b pick) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return 0
	})
	if i < s.Size {
		s.picked = slices.Insert(s.picked, i, p)
		s.picked = s.picked[:min(len(s.picked), s.Size)]
	}
}

// Tries of one sampled original whose body was cut, or that could not be read for the moment, besides the S3 client's own.
const (
	tries      = 5
	firstPause = 50 * time.Millisecond
)

// Density is megapixels per byte of the sample, and the number of originals that it was read from: those that are gone, no
// images, over the limits or cannot be read for the moment are left out, and nothing is read of what the listing says is over
// them. An error is one that no retry mends, as a permission that is missing is.
func (s *Sample) Density(ctx context.Context, objects store.Objects, config *preset.Config) (perByte float64, read int, err error) {
	var pixels, bytes float64
	for _, p := range s.picked {
		if p.info.Size > config.Limits.MaxBytes {
			continue
		}
		header, size, err := retried(ctx, objects, p.info.Key, config)
		switch {
		case ctx.Err() != nil:
			return 0, read, fmt.Errorf("reading the sample: %w", context.Cause(ctx))
		case left(err):
			continue
		case err != nil:
			return 0, read, fmt.Errorf("reading the sample: %w", err)
		}
		read++
		pixels += float64(header.Width) * float64(header.Height) * float64(max(1, header.Frames))
		bytes += float64(size)
	}
	if bytes == 0 {
		return 0, 0, nil
	}
	return pixels / million / bytes, read, nil
}

// left says whether an error leaves an original out of the sample.
func left(err error) bool {
	var refused *imaging.Error
	return errors.As(err, &refused) || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrArchived) || store.Retryable(err)
}

// retried probes, and again after an error that this may mend.
func retried(ctx context.Context, objects store.Objects, key string, config *preset.Config) (header imaging.Header, size int, err error) {
	pause := firstPause
	for try := 1; ; try++ {
		header, size, err = probe(ctx, objects, key, config)
		var refused *imaging.Error
		if try == tries || errors.As(err, &refused) || !store.Retryable(err) {
			return header, size, err
		}
		select {
		case <-ctx.Done():
			return header, size, err
		case <-time.After(pause):
		}
		pause *= 2
	}
}

func probe(ctx context.Context, objects store.Objects, key string, config *preset.Config) (imaging.Header, int, error) {
	_, body, err := objects.Open(ctx, key)
	if err != nil {
		return imaging.Header{}, 0, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, config.Limits.MaxBytes))
	if err != nil {
		return imaging.Header{}, 0, err
	}
	header, err := imaging.Probe(data, config.Limits, config.SVG)
	return header, len(data), err
}
