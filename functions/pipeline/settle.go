package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
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
	manifest := w.newManifest()
	err := w.commit(ctx, manifest)
	if _, lasting := errors.AsType[*Permanent](err); lasting {
		w.err = err // the manifest's place is taken: the failure record says so
		manifest = w.newManifest()
	} else if err != nil {
		return err
	}
	if err := w.quarantine(ctx, manifest); err != nil {
		return err
	}
	if err := w.announce(ctx, w.rendering().Completion(w.change.Bucket, "", w.manifestKey(), manifest)); err != nil {
		return err
	}
	return w.unchanged(ctx)
}

// quarantine keeps a record of what cannot be rendered, or takes away the one of an earlier failure.
func (w *work) quarantine(ctx context.Context, manifest report.Manifest) error {
	key := w.failureKey()
	if key == "" {
		return nil
	}
	record, failed := w.rendering().FailureOf(manifest)
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
	_, err = w.put(ctx, key, w.recordObject(body, record.Reason), func(Mark) bool { return false })
	return err
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
