package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/presize/presize/functions/pipeline/store"
)

func copied(b bucket) {
	key := b.below + "mine.jpg"
	object := store.Object{Body: []byte("before"), Metadata: map[string]string{"of": "before"}}
	b.put(key, object)
	copy(object.Body, "after!")
	object.Metadata["of"] = "after"
	info, content := b.read(key)
	if content != "before" || info.Metadata["of"] != "before" {
		b.Errorf("the object changed with the caller's memory: %q, %v", content, info.Metadata)
	}
}

func overwrite(b bucket) {
	key := b.below + "twice.jpg"
	b.put(key, store.Object{
		Body: []byte("first"), ContentType: "image/png", CacheControl: "no-store",
		Metadata: map[string]string{"one": "1", "both": "first"},
	})
	b.put(key, store.Object{Body: []byte("second!"), ContentType: "image/jpeg", Metadata: map[string]string{"both": "second"}})
	info, content := b.read(key)
	if content != "second!" || info.Size != 7 || info.ContentType != "image/jpeg" || info.CacheControl != "" ||
		len(info.Metadata) != 1 || info.Metadata["both"] != "second" {
		b.Errorf("something of the first object is left: %q, %+v", content, info)
	}
}

func etags(b bucket) {
	one, two := b.below+"one.jpg", b.below+"two.jpg"
	first := b.put(one, text("content"))
	if again := b.put(one, text("content")); again != first {
		b.Errorf("ETag %q became %q with the same content", first, again)
	}
	if other := b.put(two, text("Content")); other == first {
		b.Errorf("ETag %q of two contents", first)
	}
	for info, err := range b.List(b.Context(), one, "") {
		if err != nil || info.ETag != first || info.Size != 7 || info.LastModified.IsZero() {
			b.Errorf("listed as %+v (%v), want ETag %q and 7 bytes", info, err, first)
		}
	}
}

func putIfAbsent(b bucket) {
	key := b.below + "once.jpg"
	etag, err := b.PutIfAbsent(b.Context(), key, store.Object{Body: []byte("first"), Metadata: map[string]string{"who": "first"}})
	if err != nil {
		b.Fatal(err)
	}
	_, err = b.PutIfAbsent(b.Context(), key, store.Object{Body: []byte("second"), Metadata: map[string]string{"who": "second"}})
	if !errors.Is(err, store.ErrExists) || store.Retryable(err) {
		b.Errorf("second writer: %v, want ErrExists", err)
	}
	info, content := b.read(key)
	if content != "first" || info.ETag != etag || info.Metadata["who"] != "first" {
		b.Errorf("the loser changed the object: %q, %+v", content, info)
	}
	if err := b.Delete(b.Context(), key); err != nil {
		b.Fatal(err)
	}
	if _, err := b.PutIfAbsent(b.Context(), key, text("third")); err != nil {
		b.Errorf("after Delete: %v", err)
	}
}

func putIfAbsentAtOnce(b bucket) {
	for round := range 8 {
		key := fmt.Sprintf("%srace-%d.jpg", b.below, round)
		start := make(chan struct{})
		var all sync.WaitGroup
		var mu sync.Mutex
		var winners []string
		for writer := range 16 {
			all.Go(func() {
				<-start
				mine := fmt.Sprintf("writer %d", writer)
				_, err := b.PutIfAbsent(b.Context(), key, text(mine))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					winners = append(winners, mine)
				} else if !errors.Is(err, store.ErrExists) {
					b.Errorf("%s: %v, want ErrExists", mine, err)
				}
			})
		}
		close(start)
		all.Wait()
		if len(winners) != 1 {
			b.Fatalf("%d of 16 writers won: %q", len(winners), winners)
		}
		if _, content := b.read(key); content != winners[0] {
			b.Errorf("%s won, and the object says %q", winners[0], content)
		}
	}
}

func deletes(b bucket) {
	one, two, three := b.below+"1.jpg", b.below+"2 é+%.jpg", b.below+"3.jpg"
	b.fill([]string{one, two, three})
	for name, keys := range map[string][]string{
		"nothing":                nil,
		"one":                    {one},
		"the same again":         {one},
		"there and missing":      {two, b.below + "never.jpg"},
		"missing alone, in deep": {b.below + "never/was/here.jpg"},
	} {
		if err := b.Delete(b.Context(), keys...); err != nil {
			b.Errorf("Delete of %s: %v", name, err)
		}
	}
	b.gone(one)
	b.gone(two)
	if _, content := b.read(three); content != three {
		b.Errorf("an object that was not named changed to %q", content)
	}
}

func deleteMany(b bucket) {
	all := numbered(b.below, 1001)
	b.fill(all)
	if err := b.Delete(b.Context(), all...); err != nil {
		b.Fatal(err)
	}
	if left := b.list(b.below, ""); len(left) > 0 {
		b.Errorf("%d keys are left, the first is %q", len(left), left[0])
	}
}

func numbered(below string, count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("%s%05d.jpg", below, i)
	}
	return all
}

func invalid(b bucket) {
	ctx := b.Context()
	long := b.below + strings.Repeat("k/", 512)
	for name, call := range map[string]func() error{
		"Head of no key":    func() error { _, err := b.Head(ctx, ""); return err },
		"Open of no key":    func() error { _, _, err := b.Open(ctx, ""); return err },
		"Delete of no key":  func() error { return b.Delete(ctx, b.below+"x", "") },
		"Put of a long key": func() error { _, err := b.Put(ctx, long, text("")); return err },
		"Put of no UTF-8":   func() error { _, err := b.Put(ctx, b.below+"\xff", text("")); return err },
		"Put of much metadata": func() error {
			_, err := b.Put(ctx, b.below+"m", described("of", strings.Repeat("m", 2050)))
			return err
		},
		"PutIfAbsent of much metadata": func() error {
			_, err := b.PutIfAbsent(ctx, b.below+"m", described("of", strings.Repeat("日", 600)))
			return err
		},
		"Put of a metadata name": func() error { _, err := b.Put(ctx, b.below+"m", described("Of: x", "y")); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrInvalid) || store.Retryable(err) {
			b.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	b.gone(b.below + "m")
}

func described(name, value string) store.Object {
	return store.Object{Metadata: map[string]string{name: value}}
}
