package storetest

import (
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/store"
)

// Run tests the bucket that open returns, once for each case. It may be the same one each time, and hold other objects:
// the cases keep to keys below "contract/", and leave some behind. They use no key that is both an object and a folder of
// others, no empty, "." or ".." part between slashes and no part of more than 255 bytes, so that a bucket may be a folder.
func Run(t *testing.T, open func(t *testing.T) store.Objects) {
	t.Helper()
	for name, test := range map[string]func(bucket){
		"missing key":                 missing,
		"round trip":                  roundTrip,
		"round trip of keys":          keys,
		"the body is copied":          copied,
		"overwrite":                   overwrite,
		"etag follows the content":    etags,
		"put if absent":               putIfAbsent,
		"put if absent by 16 at once": putIfAbsentAtOnce,
		"put while reading":           putWhileReading,
		"delete":                      deletes,
		"delete 1,001 keys":           deleteMany,
		"list in byte order":          listOrder,
		"list by prefix and start":    listPart,
		"list over pages":             listPages,
		"list ends early":             listEndsEarly,
		"cancelled context":           cancelled,
		"what S3 could never do":      invalid,
	} {
		t.Run(name, func(t *testing.T) {
			folder := strings.NewReplacer(" ", "-", ",", "").Replace(name)
			test(bucket{T: t, Objects: open(t), below: "contract/" + folder + "-" + strings.ToLower(rand.Text()[:12]) + "/"})
		})
	}
}

// bucket is what a case works on: keys below one prefix.
type bucket struct {
	*testing.T
	store.Objects
	below string
}

// put writes an object that has to be written.
func (b bucket) put(key string, object store.Object) (etag string) {
	b.Helper()
	etag, err := b.Put(b.Context(), key, object)
	if err != nil {
		b.Fatalf("Put of %q: %v", key, err)
	}
	return etag
}

// read opens an object that has to be there, and compares what Head says of it.
func (b bucket) read(key string) (store.Info, string) {
	b.Helper()
	info, body, err := b.Open(b.Context(), key)
	if err != nil {
		b.Fatalf("Open of %q: %v", key, err)
	}
	defer func() {
		if err := body.Close(); err != nil {
			b.Errorf("closing %q: %v", key, err)
		}
	}()
	content, err := io.ReadAll(body)
	if err != nil {
		b.Fatalf("reading %q: %v", key, err)
	}
	head, err := b.Head(b.Context(), key)
	if err != nil {
		b.Fatalf("Head of %q: %v", key, err)
	}
	if diff := cmp.Diff(info, head, cmpopts.EquateEmpty()); diff != "" {
		b.Errorf("%q (-Open +Head):\n%s", key, diff)
	}
	return info, string(content)
}

// list gives the keys below a prefix.
func (b bucket) list(prefix, startAfter string) []string {
	b.Helper()
	var all []string
	for info, err := range b.List(b.Context(), prefix, startAfter) {
		if err != nil {
			b.Fatalf("List of %q after %q: %v", prefix, startAfter, err)
		}
		all = append(all, info.Key)
	}
	return all
}

// gone tells that there is no object of a key.
func (b bucket) gone(key string) {
	b.Helper()
	if _, err := b.Head(b.Context(), key); !errors.Is(err, store.ErrNotFound) || store.Retryable(err) {
		b.Errorf("Head of %q: %v, want ErrNotFound", key, err)
	}
	if _, body, err := b.Open(b.Context(), key); !errors.Is(err, store.ErrNotFound) || body != nil {
		b.Errorf("Open of %q: %v, want ErrNotFound and no body", key, err)
	}
}

// fill writes small objects, 16 at once.
func (b bucket) fill(keys []string) {
	b.Helper()
	work := make(chan string)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for key := range work {
				if _, err := b.Put(b.Context(), key, text(key)); err != nil {
					b.Errorf("Put of %q: %v", key, err)
				}
			}
		})
	}
	for _, key := range keys {
		work <- key
	}
	close(work)
	all.Wait()
}

func text(body string) store.Object {
	return store.Object{Body: []byte(body), ContentType: "text/plain"}
}
