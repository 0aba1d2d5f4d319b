package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/store"
)

func missing(b bucket) {
	b.gone(b.below + "nothing.jpg")
	b.gone(b.below + "no/such/folder/é + %20.jpg")
}

func roundTrip(b bucket) {
	long := strings.Repeat("日本語写真", 68) + "日" // 1,023 bytes
	for name, object := range map[string]store.Object{
		"everything": {
			Body: []byte("body"), ContentType: "image/webp", CacheControl: "public, max-age=31536000, immutable",
			Metadata: map[string]string{"original": "originals/a.jpg", "fingerprint": "0123abcd", "width": "368"},
		},
		"unicode metadata":        {Metadata: map[string]string{"original": "originals/Zürich/日本語 👩‍👩‍👧.jpg"}},
		"percent in metadata":     {Metadata: map[string]string{"original": "originals/100% %41 %zz + a+b%.jpg", "mark": "%:abc"}},
		"space and controls":      {Metadata: map[string]string{"lead": " a  b\t", "line": "one\r\ntwo", "quote": `"'=?utf-8?Q?=C3?=,;`}},
		"empty value":             {Metadata: map[string]string{"empty": "", "full": "x"}},
		"a key's length in ASCII": {Metadata: map[string]string{"original": strings.Repeat("o", 1024), "etag": strings.Repeat("e", 64)}},
		"a key's length in kanji": {Metadata: map[string]string{"original": long, "etag": strings.Repeat("e", 64), "fingerprint": strings.Repeat("f", 64)}},
		"a key's length of %":     {Metadata: map[string]string{"original": strings.Repeat("%", 1024)}},
		"empty body":              {Body: nil, ContentType: "image/gif"},
		"every byte":              {Body: everyByte(256), ContentType: "application/octet-stream"},
		"5 MiB":                   {Body: everyByte(5 << 20), ContentType: "image/png"},
	} {
		key := b.below + strings.ReplaceAll(name, "%", "percent")
		if object.ContentType == "" {
			object.ContentType = "image/jpeg"
		}
		etag := b.put(key, object)
		info, content := b.read(key)
		if content != string(object.Body) {
			b.Errorf("%s: %d bytes came back, not the %d that were put", name, len(content), len(object.Body))
		}
		if etag == "" || strings.Contains(etag, `"`) || info.LastModified.IsZero() {
			b.Errorf("%s: ETag %q of Put, last modified %v", name, etag, info.LastModified)
		}
		want := store.Info{
			Key: key, Size: int64(len(object.Body)), ETag: etag, ContentType: object.ContentType,
			CacheControl: object.CacheControl, Metadata: object.Metadata, LastModified: info.LastModified,
		}
		if diff := cmp.Diff(want, info, cmpopts.EquateEmpty()); diff != "" {
			b.Errorf("%s (-put +read):\n%s", name, diff)
		}
	}
}

func everyByte(size int) []byte {
	body := make([]byte, size)
	for i := range body {
		body[i] = byte(i + i>>8)
	}
	return body
}

func keys(b bucket) {
	names := []string{
		"with space.jpg", " lead and trail ", "two  spaces.jpg", "plus+plus.jpg", "100%.jpg", "%2F%20%.jpg", "percent%41.jpg",
		"Zürich.jpg", "日本語 写真.webp", "👩‍👩‍👧.gif", `it's "quoted".jpg`, "a&b<c>d.jpg", "semi;comma,equals=.jpg",
		"question?hash#.jpg", "at@bang!dollar$star*(paren)~^`{}[]|.jpg", `back\slash.jpg`, "..dots.jpg", "deep/er/and deeper/x.jpg",
		"e\u0301.jpg", "\u00e9.jpg", // the same to look at, and two keys
	}
	filler := strings.Repeat(strings.Repeat("k", 200)+"/", 6)
	names = append(names, filler[:1024-len(b.below)-4]+".jpg")
	for _, name := range names {
		b.put(b.below+name, text(name))
	}
	for _, name := range names {
		info, content := b.read(b.below + name)
		if content != name || info.Key != b.below+name {
			b.Errorf("key %q gave %q of %q", b.below+name, content, info.Key)
		}
	}
	want := make([]string, len(names))
	for i, name := range names {
		want[i] = b.below + name
	}
	less := func(x, y string) bool { return x < y }
	if diff := cmp.Diff(want, b.list(b.below, ""), cmpopts.SortSlices(less)); diff != "" {
		b.Errorf("list (-put +listed):\n%s", diff)
	}
	if err := b.Delete(b.Context(), want...); err != nil {
		b.Errorf("Delete: %v", err)
	}
	if left := b.list(b.below, ""); len(left) > 0 {
		b.Errorf("left after Delete: %q", left)
	}
}

func putWhileReading(b bucket) {
	key := b.below + "busy.jpg"
	const size = 64 << 10
	b.put(key, store.Object{Body: bytes.Repeat([]byte{'a'}, size)})
	done := make(chan error, 1)
	go func() {
		var err error
		for c := byte('b'); c < 'j' && err == nil; c++ {
			_, err = b.Put(b.Context(), key, store.Object{Body: bytes.Repeat([]byte{c}, size)})
		}
		done <- err
	}()
	for range 16 {
		_, content := readOnce(b, key)
		if len(content) != size || strings.Trim(content, content[:1]) != "" {
			b.Errorf("read a mixture of two bodies")
		}
	}
	if err := <-done; err != nil {
		b.Errorf("Put: %v", err)
	}
}

func readOnce(b bucket, key string) (store.Info, string) {
	b.Helper()
	info, body, err := b.Open(b.Context(), key)
	if err != nil {
		b.Fatalf("Open of %q: %v", key, err)
	}
	defer func() { _ = body.Close() }()
	content, err := io.ReadAll(body)
	if err != nil {
		b.Fatalf("reading %q: %v", key, err)
	}
	return info, string(content)
}

func cancelled(b bucket) {
	key := b.below + "here.jpg"
	b.put(key, text("here"))
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Head":        func() error { _, err := b.Head(ctx, key); return err },
		"Open":        func() error { _, _, err := b.Open(ctx, key); return err },
		"Put":         func() error { _, err := b.Put(ctx, key, text("other")); return err },
		"PutIfAbsent": func() error { _, err := b.PutIfAbsent(ctx, key+"2", text("other")); return err },
		"Delete":      func() error { return b.Delete(ctx, key) },
		"Delete of 2": func() error { return b.Delete(ctx, key, key+"2") },
		"List": func() error {
			for _, err := range b.List(ctx, b.below, "") {
				return err
			}
			return nil
		},
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			b.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	if _, content := b.read(key); content != "here" {
		b.Errorf("a cancelled call changed the object to %q", content)
	}
}
