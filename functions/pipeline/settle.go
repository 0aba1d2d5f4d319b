package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
)

// settle writes what is to be read of an original, after its variants and before the last look at it: S3 delivers events
// more than once and in any order, so the original may have been overwritten or deleted while its variants were made.
func settle(ctx context.Context, w *work) error {
	start := time.Now()
	defer func() { w.report.Stages.Verify += time.Since(start) }()
	if errors.Is(w.err, errNoPreset) && w.manifest == nil {
		return nil
	}
	if errors.Is(w.err, errIsVariant) || errors.Is(w.err, errNoPreset) {
		if err := w.dropRecords(ctx, w.manifestKey(), w.failureKey()); err != nil {
			return err
		}
		return w.unchanged(ctx)
	}
	err := w.commit(ctx)
	if _, lasting := errors.AsType[*Permanent](err); lasting {
		w.err = err // the manifest's place is taken: the failure record says so
	} else if err != nil {
		return err
	}
	if err := w.quarantine(ctx); err != nil {
		return err
	}
	if err := announce(ctx, w); err != nil {
		return err
	}
	return w.unchanged(ctx)
}

// quarantine keeps a record of what cannot be rendered, or takes away the one of an earlier failure.
func (w *work) quarantine(ctx context.Context) error {
	key := w.failureKey()
	if key == "" {
		return nil
	}
	record, failed := w.rendering().FailureOf(w.newManifest())
	if !failed {
		if !w.suspect() && w.looked == "" && (w.manifest == nil || len(w.manifest.Failures) == 0) {
			return nil // a first creation that succeeded, or one more success; a backfill may follow a failure
		}
		return w.dropRecords(ctx, key)
	}
	body, err := record.Encode()
	if err != nil {
		return err
	}
	return w.record(ctx, key, body, record.Reason)
}

// dropRecords deletes records of the original where they exist: on a versioned bucket, deleting what is not there leaves
// a marker.
func (w *work) dropRecords(ctx context.Context, keys ...string) error {
	found, err := w.heads(ctx, keys)
	if err != nil {
		return err
	}
	for _, there := range found {
		if ReadMark(there.Metadata).Original == w.change.Key {
			if err := w.target.Delete(ctx, there.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// record writes a record over whatever record of the original stands there.
func (w *work) record(ctx context.Context, key string, body []byte, fingerprint string) error {
	object := w.recordObject(body, fingerprint)
	for range maxWrites {
		_, err := w.target.PutIfAbsent(ctx, key, object)
		if !errors.Is(err, store.ErrExists) {
			return err
		}
		there, err := w.target.Head(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := w.mayReplace(ctx, key, there); err != nil {
			return err
		}
		_, err = w.target.Put(ctx, key, object)
		return err
	}
	return fmt.Errorf("%q came and went %d times", key, maxWrites)
}

// recordObject is a record as it is stored. Browsers ask again each time: a record's key has no version in it.
func (w *work) recordObject(body []byte, fingerprint string) store.Object {
	return store.Object{
		Body: body, ContentType: "application/json", CacheControl: "no-cache",
		Metadata: Mark{Original: w.change.Key, ETag: w.info.ETag, Fingerprint: fingerprint}.metadata(),
	}
}

func (w *work) manifestKey() string {
	if !w.pipeline.Config.Manifest {
		return ""
	}
	key, _ := w.pipeline.Config.ManifestKey(w.change.Key) // without, when S3 does not take it
	return key
}

func (w *work) failureKey() string {
	key, _ := w.pipeline.Config.FailureKey(w.change.Key) // likewise
	return key
}
