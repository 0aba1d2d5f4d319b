package store

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // S3's ETag of an object that was put in one piece
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Head describes an object.
func (m *Memory) Head(ctx context.Context, key string) (Info, error) {
	r, err := m.get(ctx, "Head", key)
	return r.info, err
}

// Open describes an object and starts reading it.
func (m *Memory) Open(ctx context.Context, key string) (Info, io.ReadCloser, error) {
	r, err := m.get(ctx, "Open", key)
	if err != nil {
		return Info{}, nil, err
	}
	return r.info, &body{ctx: ctx, ReadCloser: io.NopCloser(bytes.NewReader(r.body)), key: key, left: r.info.Size}, nil
}

func (m *Memory) get(ctx context.Context, method, key string) (remembered, error) {
	if err := m.begin(ctx, method, key); err != nil {
		return remembered{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.objects[key]
	if !ok {
		return remembered{}, fmt.Errorf("%s of %q: %w", method, key, ErrNotFound)
	}
	r.info.Metadata = maps.Clone(r.info.Metadata)
	return r, nil
}

// Put writes an object, whatever is there.
func (m *Memory) Put(ctx context.Context, key string, object Object) (string, error) {
	return m.put(ctx, "Put", key, object)
}

// PutIfAbsent writes an object unless the key is taken.
func (m *Memory) PutIfAbsent(ctx context.Context, key string, object Object) (string, error) {
	return m.put(ctx, "PutIfAbsent", key, object)
}

func (m *Memory) put(ctx context.Context, method, key string, object Object) (string, error) {
	if err := m.begin(ctx, method, key); err != nil {
		return "", err
	}
	stored, err := encodeMetadata(object.Metadata)
	if err != nil {
		return "", fmt.Errorf("%q: %w", key, err)
	}
	sum := md5.Sum(object.Body) //nolint:gosec // see above
	r := remembered{body: bytes.Clone(object.Body), info: Info{
		Key:          key,
		Size:         int64(len(object.Body)),
		ETag:         hex.EncodeToString(sum[:]),
		LastModified: time.Now().UTC().Truncate(time.Second),
		ContentType:  object.ContentType,
		CacheControl: object.CacheControl,
		Metadata:     decodeMetadata(stored),
	}}
	if r.info.ContentType == "" {
		r.info.ContentType = "application/octet-stream"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.objects[key]; taken && method == "PutIfAbsent" {
		return "", fmt.Errorf("%s of %q: %w", method, key, ErrExists)
	}
	m.objects[key] = r
	return r.info.ETag, nil
}

// Delete removes objects.
func (m *Memory) Delete(ctx context.Context, keys ...string) error {
	if err := m.begin(ctx, "Delete", keys...); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range keys {
		delete(m.objects, key)
	}
	return nil
}

// List yields every object below prefix, as they are when it starts.
func (m *Memory) List(ctx context.Context, prefix, startAfter string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := m.begin(ctx, "List", prefix); err != nil {
			yield(Info{}, err)
			return
		}
		for _, info := range m.below(prefix, startAfter) {
			if err := ctx.Err(); err != nil {
				yield(Info{}, fmt.Errorf("List of %q: %w", prefix, err))
				return
			}
			if !yield(info, nil) {
				return
			}
		}
	}
}

func (m *Memory) below(prefix, startAfter string) []Info {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var all []Info
	for key, r := range m.objects {
		if strings.HasPrefix(key, prefix) && key > startAfter {
			all = append(all, Info{Key: key, Size: r.info.Size, ETag: r.info.ETag, LastModified: r.info.LastModified})
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
	return all
}
