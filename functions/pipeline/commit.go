package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// commit writes the manifest, the last thing that is written. It tells what belongs to the original without a request for
// each variant, and until it is written an interrupted change knows by the one before what it replaced.
func (w *work) commit(ctx context.Context, next report.Manifest) error {
	key := w.manifestKey()
	if key == "" {
		return nil
	}
	body, err := next.Encode()
	if err != nil {
		return err
	}
	object := w.recordObject(body, w.setFingerprint())
	for range maxWrites {
		if w.foreign {
			return &Permanent{KeyTaken, fmt.Errorf("%q was not written by Presize; move it away, or choose another resized prefix", key)}
		}
		if w.manifest == nil {
			_, err := w.target.PutIfAbsent(ctx, key, object)
			if !errors.Is(err, store.ErrExists) {
				return err
			}
			// It was no first creation after all: other bytes have other extensions, and met nothing.
			if err := w.late(ctx); err != nil {
				return err
			}
			continue
		}
		if w.manifest.Same(next) {
			return nil
		}
		if err := w.unchanged(ctx); err != nil {
			return err
		}
		_, err = w.target.Put(ctx, key, object)
		return err
	}
	return fmt.Errorf("%q came and went %d times", key, maxWrites)
}

// late reads a manifest that was not expected, and sweeps what it speaks of.
func (w *work) late(ctx context.Context) error {
	w.read = false
	if err := w.readManifest(ctx); err != nil || w.manifest == nil {
		return err
	}
	if err := w.sweepAll(ctx, w.manifest.Original.ETag != w.info.ETag); err != nil {
		return err
	}
	if _, lasting := errors.AsType[*Permanent](w.err); !lasting {
		if err := w.dropRecords(ctx, w.failureKey()); err != nil {
			return err
		}
	}
	if err := w.pipeline.forgetAt(ctx, []*work{w}); err != nil {
		return notForgotten(w, err)
	}
	return nil
}

// readManifest reads the manifest that stands there, if any. One that cannot be understood tells only that there was one,
// and what Presize did not write is none.
func (w *work) readManifest(ctx context.Context) error {
	key := w.manifestKey()
	if w.read || key == "" {
		return nil
	}
	info, body, err := w.target.Open(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		w.read, w.manifest = true, nil
		return nil
	}
	if err != nil {
		return err
	}
	defer body.Close()
	if ReadMark(info.Metadata).Original != w.change.Key {
		w.read, w.manifest, w.foreign = true, nil, true
		return nil
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("reading %q: %w", key, err)
	}
	before, err := report.DecodeManifest(data)
	if err != nil {
		before = report.Manifest{}
	}
	w.read, w.manifest = true, &before
	return nil
}

// recorded says whether the manifest tells of exactly what stands there, and no failure record of anything else.
func (w *work) recorded(ctx context.Context) (bool, error) {
	found, err := w.heads(ctx, []string{w.manifestKey(), w.failureKey()})
	complete := w.manifestKey() == ""
	for _, there := range found {
		mark := ReadMark(there.Metadata)
		if there.Key == w.failureKey() && mark.Original == w.change.Key {
			return false, err
		}
		complete = complete || mark.Original == w.change.Key && mark.ETag == w.looked && mark.Fingerprint == w.setFingerprint()
	}
	return complete, err
}

// setFingerprint changes when what a manifest says would, as long as the original is the same.
func (w *work) setFingerprint() string {
	lines := []string{w.pipeline.Links.URL("", "", "")}
	for name, s := range w.standing {
		lines = append(lines, name+" "+s.key+" "+s.mark.Fingerprint)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

// newManifest is what the manifest is to say: what was rendered, and what stood there and may stay.
func (w *work) newManifest() report.Manifest {
	account := w.report
	if failed, lasting := errors.AsType[*Permanent](w.err); lasting {
		account.Outcome, account.Reason, account.Err = report.Failed, failed.Reason, failed.Err
	}
	account.ETag, account.BytesIn = w.info.ETag, w.info.Size
	account.Variants = slices.DeleteFunc(slices.Clone(account.Variants), func(v report.Variant) bool { return v.Reason == "" })
	for name, s := range w.standing {
		account.Variants = append(account.Variants, report.Variant{
			Preset: name, Key: s.key, Type: s.kind, Bytes: s.bytes,
			Width: s.mark.Width, Height: s.mark.Height, Fingerprint: s.mark.Fingerprint,
		})
	}
	now := w.rendering().Manifest(account)
	if w.manifest != nil && now.Original.ETag == w.manifest.Original.ETag && now.Placeholder == nil {
		now.Placeholder = w.manifest.Placeholder // it could not be read this time
		if now.Original.Width == 0 {
			now.Original = w.manifest.Original
		}
	}
	return now
}

func (w *work) rendering() report.Rendering {
	r := report.Rendering{Config: w.pipeline.Config, Links: w.pipeline.Links, Renderer: imaging.Renderer, At: time.Now()}
	if w.placeholder != nil {
		r.Placeholder = &report.Placeholder{ThumbHash: w.placeholder.ThumbHash, Color: w.placeholder.Color.String()}
	}
	return r
}
