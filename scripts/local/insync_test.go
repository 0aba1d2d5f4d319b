package main_test

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/machine"
)

// settled waits until both functions have nothing left to do.
func settled(t *testing.T, m *machine.Machine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if err := m.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, m *machine.Machine, name string) {
	t.Helper()
	if err := m.Remove(t.Context(), m.Config.Originals+name); err != nil {
		t.Fatal(err)
	}
}

// fetched is an answer of the CDN front.
type fetched struct {
	status int
	cache  string // X-Cache
	body   string
}

func visit(t *testing.T, url string) fetched {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return fetched{response.StatusCode, response.Header.Get("X-Cache"), body.String()}
}

const (
	cacheHit  = "Hit from cloudfront"
	cacheMiss = "Miss from cloudfront"
)

// TestDeleteIsSeenToGo deletes an original: its variants, manifest and failure record go, and so do the CDN's copies.
func TestDeleteIsSeenToGo(t *testing.T) {
	m := shared
	events := listen(t, m)
	upload(t, m, "gone/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	uploadFile(t, m, filepath.Join("testdata", "bad", "text.jpg"), "gone/text.jpg")
	await(t, m, "gone/cat.jpg", "gone/text.jpg")
	if there := below(t, m, "/gone/"); len(there) != 4+2+1 { // variants, manifests, failure record
		t.Fatalf("%q", there)
	}
	var urls []string
	for _, v := range manifestOf(t, m, "gone/cat.jpg").Variants {
		urls = append(urls, v.URL, strings.Split(v.URL, "?")[0])
	}
	for _, want := range []string{cacheMiss, cacheHit} {
		for _, url := range urls {
			if got := visit(t, url); got.status != http.StatusOK || got.cache != want {
				t.Errorf("%s: %d %s, want %s", url, got.status, got.cache, want)
			}
		}
	}
	remove(t, m, "gone/cat.jpg")
	remove(t, m, "gone/text.jpg")
	settled(t, m)
	if left := below(t, m, "/gone/"); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	for _, url := range urls {
		if got := visit(t, url); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", url, got.status, got.cache)
		}
	}
	all := events()
	for name, want := range map[string][]report.Status{
		"gone/cat.jpg": {report.StatusReady, report.StatusRemoved}, "gone/text.jpg": {report.StatusFailed, report.StatusRemoved},
	} {
		if got := slices.Compact(of(all, m.Config.Originals+name)); !slices.Equal(got, want) {
			t.Errorf("%s: events %q, want %q", name, got, want)
		}
		if account, there := m.Gallery.Original(m.Config.Originals + name); there {
			t.Errorf("still shown: %+v", account)
		}
	}
}

// TestOverwriteIsSeenToGo overwrites an original whose variant the CDN front has a copy of.
func TestOverwriteIsSeenToGo(t *testing.T) {
	m := shared
	photos := filepath.Join("testdata", "originals", "photos")
	invalidations := len(m.Front.Invalidations())
	uploadFile(t, m, filepath.Join(photos, "cat.jpg"), "over/picture.jpg")
	await(t, m, "over/picture.jpg")
	if got := len(m.Front.Invalidations()); got != invalidations {
		t.Errorf("a first creation was invalidated %d times", got-invalidations)
	}
	plain := m.CDN + "/" + m.Config.Resized + "small/over/picture.jpg"
	before := visit(t, plain)
	if again := visit(t, plain); again.cache != cacheHit || before.status != http.StatusOK {
		t.Errorf("%d, then %s", before.status, again.cache)
	}
	old := manifestOf(t, m, "over/picture.jpg")
	uploadFile(t, m, filepath.Join(photos, "coffee.jpg"), "over/picture.jpg")
	await(t, m, "over/picture.jpg")
	after := visit(t, plain)
	if after.cache != cacheMiss || after.body == before.body {
		t.Errorf("the CDN front shows the one before: %s", after.cache)
	}
	now := manifestOf(t, m, "over/picture.jpg")
	for i, v := range now.Variants {
		if v.URL == old.Variants[i].URL {
			t.Errorf("browsers keep %s", v.URL)
		}
		if got := visit(t, v.URL); got.status != http.StatusOK || got.cache != cacheMiss {
			t.Errorf("%s: %d %s", v.URL, got.status, got.cache)
		}
	}
}

// TestDeleteAndUploadAgain: whatever the order of the events, the bucket's state is what counts.
func TestDeleteAndUploadAgain(t *testing.T) {
	m := shared
	const name = "again/cat.jpg"
	cat := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	for range 3 {
		upload(t, m, name, cat)
		remove(t, m, name)
	}
	upload(t, m, name, cat)
	settled(t, m)
	standing := below(t, m, "/again/")
	if len(standing) != 5 {
		t.Errorf("%q", standing)
	}
	late := event.Change{Kind: event.Removed, Bucket: machine.Bucket, Key: m.Config.Originals + name, Region: bucket.Region}
	payload, err := event.S3Notification(late)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Cleanup.Invoke(t.Context(), payload); err != nil {
		t.Error(err)
	}
	if got := below(t, m, "/again/"); !slices.Equal(got, standing) {
		t.Errorf("a late removal took away what is right: %q", got)
	}
	remove(t, m, name)
	settled(t, m)
	if _, err := m.Lambda.Invoke(t.Context(), notification(t, m.Config.Originals+name)); err != nil {
		t.Error(err)
	}
	if got := below(t, m, "/again/"); len(got) > 0 {
		t.Errorf("a late creation left %q", got)
	}
}

// TestRemovalIsADeadLetterWhenS3Fails: a removal is retried by itself, and kept in the end.
func TestRemovalIsADeadLetterWhenS3Fails(t *testing.T) {
	m := shared
	upload(t, m, "stuck/healthy.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	await(t, m, "stuck/healthy.jpg")
	l := function(t, map[string]string{"AWS_ENDPOINT_URL_S3": brokenS3(t, "unlucky", m.S3)}, func(f *lambda.Function) {
		f.Name, f.Bootstrap, f.RetryWaits = machine.Cleanup, cleanup, []time.Duration{time.Millisecond} // the SDK takes its time as it is
	})
	queue := l.Map(100 * time.Millisecond)
	var payloads [][]byte
	for _, name := range []string{"stuck/unlucky.jpg", "stuck/gone.jpg"} {
		payload, err := event.S3Notification(event.Change{Kind: event.Removed, Bucket: machine.Bucket, Key: m.Config.Originals + name, Region: bucket.Region})
		if err != nil {
			t.Fatal(err)
		}
		payloads = append(payloads, payload)
		if err := queue.Send(payload); err != nil {
			t.Fatal(err)
		}
	}
	drain(t, l)
	letters := l.DeadLetters()
	if len(letters) != 1 || letters[0].Attempts != 2 || !bytes.Equal(letters[0].Payload, payloads[0]) {
		t.Errorf("dead letters: %+v", letters)
	}
}

// TestStrangersAreLeftAlone: what Presize did not write stays, whatever its key.
func TestStrangersAreLeftAlone(t *testing.T) {
	m := shared
	key := m.Config.Resized + "small/stranger/cat.jpg"
	if _, err := m.Objects.Put(t.Context(), key, store.Object{Body: []byte("mine"), ContentType: "image/jpeg"}); err != nil {
		t.Fatal(err)
	}
	upload(t, m, "stranger/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	await(t, m, "stranger/cat.jpg")
	remove(t, m, "stranger/cat.jpg")
	settled(t, m)
	if left := below(t, m, "/stranger/"); !slices.Equal(left, []string{key}) {
		t.Errorf("left: %q", left)
	}
	if err := m.Objects.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
}
