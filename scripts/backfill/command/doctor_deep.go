package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

// boundless lets every variant be read: presets.yaml's limits are an original's.
var boundless = preset.Limits{MaxBytes: math.MaxInt64, MaxPixels: math.MaxInt64, MaxFrames: math.MaxInt32}

// compare reads an original's variants, one after the other, and gives what they are not, by key.
func (c *checkup) compare(ctx context.Context, o survey.Original) map[string][]disagreement {
	out := map[string][]disagreement{}
	for _, v := range o.Variants {
		if v.State != survey.UpToDate && v.State != survey.Stale {
			continue
		}
		read, err := patiently(ctx, func() (variantRead, error) { return readVariant(ctx, c.at.Variants, v.Key) })
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			c.missed(err)
		default:
			out[v.Key] = read.disagreements(v)
		}
	}
	return out
}

// variantRead is a variant as it stands there now: it may have been rendered again since it was listed.
type variantRead struct {
	info store.Info
	data []byte
}

func readVariant(ctx context.Context, from store.Objects, key string) (variantRead, error) {
	info, body, err := from.Open(ctx, key)
	if err != nil {
		return variantRead{}, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return variantRead{}, fmt.Errorf("reading %q: %w", key, err)
	}
	return variantRead{info, data}, nil
}

// disagreements compares the variant's bytes with what is recorded of them.
func (r variantRead) disagreements(v survey.Variant) (out []disagreement) {
	mark := pipeline.ReadMark(r.info.Metadata)
	if n := int64(len(r.data)); n != r.info.Size || mark == v.Mark && n != v.Bytes {
		out = append(out, disagreement{"bytes", fmt.Sprintf("%d bytes", n), fmt.Sprintf("%d bytes, and %d in the listing", r.info.Size, v.Bytes)})
	}
	header, err := imaging.Probe(r.data, boundless, true)
	if err != nil {
		return append(out, disagreement{"image", err.Error(), pixels(mark.Width, mark.Height) + " of " + r.info.ContentType})
	}
	if header.Width != mark.Width || header.Height != mark.Height {
		out = append(out, disagreement{"size", pixels(header.Width, header.Height), pixels(mark.Width, mark.Height)})
	}
	found := "image/" + string(header.Type)
	if said, _, err := mime.ParseMediaType(r.info.ContentType); err != nil || said != found {
		out = append(out, disagreement{"type", found, fmt.Sprintf("the Content-Type %q", r.info.ContentType)})
	}
	if key := string(formatOf(v.Key, preset.Original)); string(header.Type) != key {
		out = append(out, disagreement{"type", found, "the key's extension"})
	}
	return out
}
