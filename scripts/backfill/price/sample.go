package price

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"

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

// Density is megapixels per byte of the sample, and the number of originals that it was read from: those that are gone, no
// images or over the limits are left out, and nothing is read of what the listing says is over them.
func (s *Sample) Density(ctx context.Context, objects store.Objects, config *preset.Config) (perByte float64, read int, err error) {
	var pixels, bytes float64
	for _, p := range s.picked {
		if p.info.Size > config.Limits.MaxBytes {
			continue
		}
		header, size, err := probe(ctx, objects, p.info.Key, config)
		var refused *imaging.Error
		switch {
		case errors.As(err, &refused), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrArchived):
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
