package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/cdn"
	"github.com/presize/presize/scripts/local/machine"
)

// check holds a document against its published schema: "manifest", "failure" or "completion".
func check(t *testing.T, kind string, data []byte) {
	t.Helper()
	file := filepath.Join("functions", "pipeline", "report", kind+".schema.json")
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(readFile(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(kind, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(kind)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = compiled.Validate(document)
	}
	if err != nil {
		t.Errorf("no valid %s: %v\n%s", kind, err, data)
	}
}

// manifestOf fetches an original's manifest from the CDN front.
func manifestOf(t *testing.T, m *machine.Machine, name string) report.Manifest {
	t.Helper()
	key, err := m.Config.ManifestKey(m.Config.Originals + name)
	if err != nil {
		t.Fatal(err)
	}
	got := visit(t, m.CDN+cdn.Path(key))
	if got.status != http.StatusOK || got.cache != cacheMiss { // it is never kept
		t.Fatalf("%s: %d %s", key, got.status, got.cache)
	}
	check(t, "manifest", []byte(got.body))
	manifest, err := report.DecodeManifest([]byte(got.body))
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

// checkFailure reads what is written about an original that cannot be rendered.
func checkFailure(t *testing.T, m *machine.Machine, name string) {
	t.Helper()
	manifest := manifestOf(t, m, name)
	record := failureOf(t, m, name)
	if manifest.Status != report.StatusFailed || len(manifest.Failures) == 0 || record.Reason != manifest.Failures[0].Reason || record.Message == "" {
		t.Errorf("record %+v, manifest %+v", record, manifest.Failures)
	}
	key, _ := m.Config.FailureKey(m.Config.Originals + name)
	if got := visit(t, m.CDN+cdn.Path(key)); got.status != http.StatusForbidden {
		t.Errorf("the CDN front serves %s: %d", key, got.status)
	}
}

func failureOf(t *testing.T, m *machine.Machine, name string) report.FailureRecord {
	t.Helper()
	key, err := m.Config.FailureKey(m.Config.Originals + name)
	if err != nil {
		t.Fatal(err)
	}
	_, data := read(t, m, key)
	check(t, "failure", data)
	record, err := report.DecodeFailure(data)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// checkManifest fetches everything that a manifest names.
func checkManifest(t *testing.T, manifest report.Manifest) {
	t.Helper()
	if manifest.Status != report.StatusReady || len(manifest.Variants) != 4 || manifest.Placeholder == nil || len(manifest.Placeholder.ThumbHash) < 5 {
		t.Errorf("%d variants, placeholder %+v", len(manifest.Variants), manifest.Placeholder)
	}
	for _, v := range manifest.Variants {
		if got := visit(t, v.URL); got.status != http.StatusOK || int64(len(got.body)) != v.Bytes {
			t.Errorf("%s: %d, %d bytes, want %d", v.URL, got.status, len(got.body), v.Bytes)
		}
	}
	for _, set := range manifest.Srcset {
		for candidate := range strings.SplitSeq(set.Value, ", ") {
			url, width, _ := strings.Cut(candidate, " ")
			got := visit(t, url)
			if got.status != http.StatusOK {
				t.Errorf("%s: %d", url, got.status)
			}
			if set.Type == "image/avif" {
				continue // nothing here reads it
			}
			decoded, _, err := image.DecodeConfig(strings.NewReader(got.body))
			if err != nil || strconv.Itoa(decoded.Width)+"w" != width {
				t.Errorf("%s: %d wide (%v), said to be %s", url, decoded.Width, err, width)
			}
		}
	}
}

// TestQuarantine: a record of what is wrong stays until there is a good upload.
func TestQuarantine(t *testing.T) {
	m := shared
	const name = "quarantine/photo.jpg"
	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "coffee.jpg"))
	upload(t, m, name, photo[:len(photo)/2])
	await(t, m, name)
	if record := failureOf(t, m, name); record.Reason != "corrupt" || record.Original.Key != m.Config.Originals+name {
		t.Errorf("%+v", record)
	}
	upload(t, m, name, photo)
	await(t, m, name)
	key, _ := m.Config.FailureKey(m.Config.Originals + name)
	if _, err := m.Objects.Head(t.Context(), key); err == nil {
		t.Errorf("%s is still there", key)
	}
	if manifest := manifestOf(t, m, name); manifest.Status != report.StatusReady || len(manifest.Failures) > 0 {
		t.Errorf("%+v", manifest)
	}
	upload(t, m, name, []byte("no image"))
	await(t, m, name)
	if record := failureOf(t, m, name); record.Reason != "not-an-image" {
		t.Errorf("%+v", record)
	}
	if made := variants(t, m, "quarantine/"); len(made) > 0 {
		t.Errorf("the picture before is still shown: %v", made)
	}
}

// TestAPIByAnotherClient has the AWS CLI invalidate and put an event.
func TestAPIByAnotherClient(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("NOT TESTED: the AWS CLI is missing; the tests of cdn and bus speak the same by plain HTTP")
	}
	m := shared
	key := m.Config.Resized + "small/api/cat.jpg"
	if _, err := m.Objects.Put(t.Context(), key, store.Object{Body: []byte("x"), CacheControl: "max-age=60"}); err != nil {
		t.Fatal(err)
	}
	visit(t, m.CDN+"/"+key)
	if got := visit(t, m.CDN+"/"+key); got.cache != cacheHit {
		t.Fatalf("%+v", got)
	}
	var made struct {
		Invalidation struct{ ID, Status string }
	}
	said := awsCLI(t, m.API, "cloudfront", "create-invalidation", "--distribution-id", cdn.Distribution, "--paths", "/"+m.Config.Resized+"small/api/*", "--output", "json")
	if err := json.Unmarshal([]byte(said), &made); err != nil || made.Invalidation.Status != "Completed" {
		t.Errorf("%v: %s", err, said)
	}
	if got := visit(t, m.CDN+"/"+key); got.cache != cacheMiss {
		t.Errorf("%+v", got)
	}
	events := listen(t, m)
	detail := `{"version":1,"id":"0123456789abcdef0123456789abcdef","kind":"removed","status":"removed","time":"2026-03-01T12:00:00Z","bucket":"photos","original":{"key":"originals/x.jpg"},"prefix":"","presets":[]}`
	entries := fmt.Sprintf(`[{"EventBusName":%q,"Source":"test","DetailType":"Presize Original Removed","Detail":%q}]`, machine.Bus, detail)
	if said := awsCLI(t, m.API, "events", "put-events", "--entries", entries, "--output", "json"); !strings.Contains(said, `"FailedEntryCount": 0`) {
		t.Error(said)
	}
	if got := of(events(), "originals/x.jpg"); len(got) != 1 {
		t.Errorf("events: %q", got)
	}
}
