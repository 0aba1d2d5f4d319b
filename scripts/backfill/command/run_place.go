package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// attempts is how often a call is sent at most. The function's four are for a caller who waits; a run has time.
const attempts = 8

// open opens the place with a client that retries for longer, and tells of it, and with buckets whose calls are counted.
func (r *run) open(ctx context.Context) (*site, error) {
	at, err := r.place.open(ctx)
	if err != nil {
		return nil, err
	}
	r.meter.Add(price.Usage{Lists: reaching})
	options := r.options()
	options.Endpoint, options.UsePathStyle = r.place.Endpoint, r.place.PathStyle || r.place.Endpoint != ""
	if at.Client, err = store.Connect(ctx, options); err != nil {
		return nil, err
	}
	at.Originals = r.meter.Objects(store.NewS3(at.Client, at.Bucket))
	at.Variants = at.Originals
	if at.Target != "" {
		at.Variants = r.meter.Objects(store.NewS3(at.Client, at.Target))
	}
	return at, nil
}

// options are those of every client.
func (r *run) options() store.Options {
	return store.Options{Region: r.place.Region, MaxAttempts: attempts, OnRetry: func(throttled bool) {
		r.tally.Retried(throttled)
		if throttled {
			r.limit.Throttled()
		}
	}}
}

// messages is where progress goes.
func (r *run) messages() io.Writer {
	if r.quiet {
		return io.Discard
	}
	return r.err
}

// openCheckpoint reads the checkpoint. A job of S3 Batch Operations has none: AWS keeps it.
func (r *run) openCheckpoint(ctx context.Context, at *site) (*engine.Checkpoint, error) {
	if r.checkpoint == "none" || r.via == "batch" {
		return &engine.Checkpoint{}, nil
	}
	journal, err := r.journal(at)
	if err != nil {
		return nil, err
	}
	return engine.OpenCheckpoint(ctx, journal, r.about(at), r.restart)
}

func (r *run) journal(at *site) (engine.Journal, error) {
	if strings.HasPrefix(r.checkpoint, "s3://") {
		to, err := engine.ParsePlace(r.checkpoint)
		if err != nil {
			return nil, usage("--checkpoint: %w", err)
		}
		return &engine.ObjectJournal{Bucket: r.meter.Objects(store.NewS3(at.Client, to.Bucket)), Name: to.String(), Key: to.Key}, nil
	}
	if r.checkpoint != "" {
		return &engine.FileJournal{Path: r.checkpoint}, nil
	}
	path, err := cacheFile(at.Bucket, at.Bucket+" -> "+at.variantsPlace(), ".checkpoint")
	if err != nil {
		return nil, fmt.Errorf("%w; give --checkpoint FILE, or none", err)
	}
	return &engine.FileJournal{Path: path}, nil
}

// about is what has to be the same for a run to go on where another one stopped.
func (r *run) about(at *site) []engine.Field {
	return []engine.Field{
		{Name: "--bucket", Value: at.Bucket},
		{Name: "--target-bucket", Value: at.Target},
		{Name: "--endpoint-url", Value: at.Endpoint},
		{Name: "--prefix", Value: r.Prefix},
		{Name: "--preset", Value: strings.Join(r.Presets, ",")},
		{Name: "--only", Value: r.Only},
		{Name: "--since", Value: r.Since},
		{Name: "--match", Value: r.Match},
		{Name: "--max-objects", Value: strconv.FormatInt(r.MaxObjects, 10)},
		{Name: "--from", Value: r.from},
		{Name: "--reason", Value: strings.Join(r.reasons, ",")},
		{Name: "--via", Value: r.via},
		{Name: "what presets.yaml asks for", Value: digest(at.Config)},
	}
}

// digest is another one for every presets.yaml that asks for other variants, or for the same at other keys.
func digest(c *preset.Config) string {
	hash := sha256.New()
	_, _ = fmt.Fprintf(hash, "%q %q %q", c.Originals, c.Resized, c.Key)
	for _, p := range c.Presets {
		_, _ = fmt.Fprintf(hash, " %q %q %s", p.Name, p.Match, p.Fingerprint(imaging.Renderer))
	}
	return hex.EncodeToString(hash.Sum(nil)[:6])
}
