package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/functions/pipeline/store/storetest"
)

func TestMemoryContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Objects { return store.NewMemory() })
}

func TestMemoryETagIsMD5(t *testing.T) {
	etag, err := store.NewMemory().Put(t.Context(), "empty", store.Object{})
	if err != nil || etag != "d41d8cd98f00b204e9800998ecf8427e" {
		t.Errorf("ETag %q of an empty object (%v)", etag, err)
	}
}

func TestMemoryHook(t *testing.T) {
	m := store.NewMemory()
	fault := errors.New("fault")
	var calls []store.Call
	m.Hook(func(ctx context.Context, call store.Call) error {
		calls = append(calls, call)
		switch call.Method {
		case "PutIfAbsent":
			m.Hook(nil)
			_, err := m.Put(ctx, call.Keys[0], store.Object{Body: []byte("faster")})
			return err
		case "Head":
			return nil
		}
		return fault
	})
	if _, err := m.Head(t.Context(), "k"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Head: %v, want ErrNotFound", err)
	}
	if err := m.Delete(t.Context(), "a", "b"); !errors.Is(err, fault) || !store.Retryable(err) {
		t.Errorf("Delete: %v, want the hook's error", err)
	}
	for _, err := range m.List(t.Context(), "p/", "") {
		if !errors.Is(err, fault) {
			t.Errorf("List: %v, want the hook's error", err)
		}
	}
	if _, err := m.PutIfAbsent(t.Context(), "k", store.Object{}); !errors.Is(err, store.ErrExists) {
		t.Errorf("PutIfAbsent: %v, want ErrExists by the hook's own Put", err)
	}
	want := []store.Call{
		{Method: "Head", Keys: []string{"k"}},
		{Method: "Delete", Keys: []string{"a", "b"}},
		{Method: "List", Keys: []string{"p/"}},
		{Method: "PutIfAbsent", Keys: []string{"k"}},
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func FuzzMetadata(f *testing.F) {
	for _, value := range []string{"", "plain", "100%", "%:AAAA", "a b\t\r\n", "日本語", "\xff\x00", strings.Repeat("%", 400)} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		m := store.NewMemory()
		_, err := m.Put(t.Context(), "k", store.Object{Metadata: map[string]string{"original": value}})
		if errors.Is(err, store.ErrInvalid) && len(value) > 1024 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if info, err := m.Head(t.Context(), "k"); err != nil || info.Metadata["original"] != value {
			t.Errorf("%q became %q (%v)", value, info.Metadata["original"], err)
		}
	})
}
