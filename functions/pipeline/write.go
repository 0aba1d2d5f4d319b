package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/presize/presize/functions/pipeline/store"
)

// maxWrites bounds how often a write is tried on a key whose object comes and goes.
const maxWrites = 5

// write puts a variant where nothing stands, or over an older variant of the same original; false means that the very
// same variant stood there. It returns errChanged when the original has changed, before an older state of it is
// written over a newer one, and the permanent failure KeyTaken when the place is another's.
func (w *work) write(ctx context.Context, key string, variant store.Object) (bool, error) {
	mark := ReadMark(variant.Metadata)
	there, err := w.put(ctx, key, variant, mark.sameAs)
	if err != nil || there == nil {
		return err == nil, err
	}
	before := ReadMark(there.Metadata)
	if before.sameAs(mark) {
		return false, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replaced = append(w.replaced, key)
	w.older = w.older || before.ETag != w.info.ETag
	return true, nil
}

// put writes an object where nothing stands, or over what is the original's own unless that may stay. It returns what
// stood there; nil when nothing did.
func (w *work) put(ctx context.Context, key string, object store.Object, stays func(Mark) bool) (*store.Info, error) {
	for range maxWrites {
		_, err := w.target.PutIfAbsent(ctx, key, object)
		if !errors.Is(err, store.ErrExists) {
			return nil, err
		}
		there, err := w.target.Head(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if stays(ReadMark(there.Metadata)) {
			return &there, nil
		}
		if err := w.mayReplace(ctx, key, there); err != nil {
			return nil, err
		}
		_, err = w.target.Put(ctx, key, object)
		return &there, err
	}
	return nil, fmt.Errorf("%q came and went %d times", key, maxWrites)
}

// mayReplace says whether what stands at a variant's key may be written over.
func (w *work) mayReplace(ctx context.Context, key string, there store.Info) error {
	owner := ReadMark(there.Metadata).Original
	switch owner {
	case w.change.Key:
		return w.unchanged(ctx)
	case "":
		return &Permanent{KeyTaken, fmt.Errorf("%q was not written by Presize; move it away, or choose another resized prefix or key template", key)}
	}
	_, err := w.source.Head(ctx, owner)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil // an orphan
	case err != nil:
		return err
	}
	return &Permanent{KeyTaken, fmt.Errorf("%q is the variant of %q; give one of the two originals another name, or use {file} in the key template", key, owner)}
}

// unchanged returns errChanged unless the original is still what was fetched.
func (w *work) unchanged(ctx context.Context) error {
	now, err := w.source.Head(ctx, w.change.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errChanged
	case err != nil:
		return err
	case now.ETag != w.info.ETag:
		return errChanged
	}
	return nil
}
