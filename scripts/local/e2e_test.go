package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "golang.org/x/image/webp"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/machine"
	"github.com/presize/presize/scripts/local/page"
)

// TestEveryOriginalGetsEveryVariant renders all of testdata/originals and reads what is in the bucket then, and what is
// written and announced about it.
func TestEveryOriginalGetsEveryVariant(t *testing.T) {
	m := shared
	events := listen(t, m)
	var expected []struct {
		File          string
		Type          string
		Width, Height int
		Alpha         bool
	}
	readJSON(t, "testdata/originals.json", &expected)
	var names []string
	for _, e := range expected {
		uploadFile(t, m, filepath.Join("testdata", "originals", e.File), "every/"+e.File)
		names = append(names, "every/"+e.File)
	}
	await(t, m, names...)
	all := events()
	for _, e := range expected {
		t.Run(e.File, func(t *testing.T) {
			checkEvents(t, all, m.Config.Originals+"every/"+e.File, report.StatusReady)
			checkManifest(t, manifestOf(t, m, "every/"+e.File))
			key := m.Config.Originals + "every/" + e.File
			original, err := m.Objects.Head(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range m.Config.PresetsFor(key) {
				format := outFormat(p, e.Type, e.Alpha)
				variantKey, err := m.Config.VariantKey(p, key, format)
				if err != nil {
					t.Fatal(err)
				}
				info, body := read(t, m, variantKey)
				width, height := box(p, e.Width, e.Height)
				want := map[string]string{
					"presize-original": key, "presize-original-etag": original.ETag, "presize-preset": p.Name,
					"presize-width": strconv.Itoa(width), "presize-height": strconv.Itoa(height),
					"presize-fingerprint": info.Metadata["presize-fingerprint"],
				}
				if diff := cmp.Diff(want, info.Metadata); diff != "" || want["presize-fingerprint"] == "" {
					t.Errorf("%s: metadata (-want +got):\n%s", variantKey, diff)
				}
				if info.ContentType != "image/"+string(format) || info.CacheControl != p.CacheControl {
					t.Errorf("%s: Content-Type %q, Cache-Control %q", variantKey, info.ContentType, info.CacheControl)
				}
				checkPixels(t, variantKey, body, width, height)
			}
		})
	}
}

// outFormat is the format of a variant: browsers' own formats are kept.
func outFormat(p preset.Preset, original string, alpha bool) preset.Format {
	switch {
	case p.Format != preset.Original:
		return p.Format
	case slices.Contains([]string{"jpeg", "png", "webp", "avif", "gif"}, original):
		return preset.Format(original)
	case alpha:
		return preset.WebP
	default:
		return preset.JPEG
	}
}

// box is the size of a variant of presets.yaml: within the box, or the whole box; nothing is enlarged.
func box(p preset.Preset, width, height int) (int, int) {
	if p.Fit == preset.Cover { // the presets' box is square
		side := min(p.Width, width, height)
		return side, side
	}
	if width <= p.Width {
		return width, height
	}
	return p.Width, max(1, (height*p.Width*2+width)/(2*width))
}

func checkPixels(t *testing.T, key string, body []byte, width, height int) {
	t.Helper()
	if len(body) > 12 && string(body[4:12]) == "ftypavif" {
		return // nothing here reads AVIF; the tests of imaging do
	}
	decoded, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || decoded.Width != width || decoded.Height != height {
		t.Errorf("%s: %dx%d (%v), want %dx%d", key, decoded.Width, decoded.Height, err, width, height)
	}
}

// TestRepeatedUploads uploads the same file twice, then 50 times at once: the same objects, and one invocation each.
func TestRepeatedUploads(t *testing.T) {
	m := shared
	const name = "repeated/cat.jpg"
	source := filepath.Join("testdata", "originals", "photos", "cat.jpg")
	before := m.Lambda.Counters()
	uploadFile(t, m, source, name)
	await(t, m, name)
	first := variants(t, m, "repeated/")
	if len(first) != 4 {
		t.Fatalf("%d variants: %v", len(first), first)
	}
	uploadFile(t, m, source, name)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() { uploadFile(t, m, source, name) })
	}
	group.Wait()
	drain(t, m.Lambda)
	if diff := cmp.Diff(first, variants(t, m, "repeated/")); diff != "" {
		t.Errorf("objects (-first +now):\n%s", diff)
	}
	now := m.Lambda.Counters()
	if got := now.Invocations - before.Invocations; got != 52 || now.Errors != before.Errors {
		t.Errorf("%d invocations and %d errors of 52 uploads", got, now.Errors-before.Errors)
	}
}

// TestOverwriteWhileRunning uploads two pictures in turns to one key: the last one's variants must stand.
func TestOverwriteWhileRunning(t *testing.T) {
	m := shared
	const name = "turns/picture.jpg"
	photos := filepath.Join("testdata", "originals", "photos")
	for range 8 {
		uploadFile(t, m, filepath.Join(photos, "cat.jpg"), name)
		uploadFile(t, m, filepath.Join(photos, "coffee.jpg"), name)
	}
	drain(t, m.Lambda)
	last, err := m.Objects.Head(t.Context(), m.Config.Originals+name)
	if err != nil {
		t.Fatal(err)
	}
	made := variants(t, m, "turns/")
	if len(made) != 4 {
		t.Errorf("%d variants", len(made))
	}
	for key := range made {
		info, err := m.Objects.Head(t.Context(), key)
		if err != nil || info.Metadata["presize-original-etag"] != last.ETag {
			t.Errorf("%s shows %s, want %s (%v)", key, info.Metadata["presize-original-etag"], last.ETag, err)
		}
	}
}

// TestHundredFilesByAnotherClient uploads 100 files with difficult names, by the AWS CLI when there is one.
func TestHundredFilesByAnotherClient(t *testing.T) {
	m := shared
	folder := t.TempDir()
	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	names := make([]string, 100)
	for i := range names {
		pattern := []string{
			"with space %d.jpg", "Größe %d.jpg", "猫の写真 %d.jpg", "😀 %d.jpg", "plus+and&percent%%25 %d.jpg", "it's \"%d\" [x]{y}.jpg",
			"Ünïcödé/söme dir/%d.jpg", "e\u0301 decomposed %d.jpg", "עברית %d.jpg", "semi;colon,comma=%d#hash?.jpg",
		}[i%10]
		names[i] = fmt.Sprintf(pattern, i)
		path := filepath.Join(folder, filepath.FromSlash(names[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, photo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := m.Lambda.Counters().Invocations
	if cli, err := exec.LookPath("aws"); err == nil {
		command := exec.CommandContext(t.Context(), cli, "--endpoint-url", m.S3, "s3", "cp", "--recursive", "--quiet", folder,
			"s3://"+machine.Bucket+"/"+m.Config.Originals+"hundred/")
		command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+bucket.AccessKey, "AWS_SECRET_ACCESS_KEY="+bucket.SecretKey,
			"AWS_DEFAULT_REGION="+bucket.Region, "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
			"PYTHONUTF8=1", "LC_ALL=C.UTF-8")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	} else {
		for _, name := range names {
			upload(t, m, "hundred/"+name, photo)
		}
	}
	drain(t, m.Lambda)
	if got := m.Lambda.Counters().Invocations - before; got != 100 {
		t.Errorf("%d invocations", got)
	}
	if made := variants(t, m, "hundred/"); len(made) != 400 {
		t.Errorf("%d variants", len(made))
	}
	for _, name := range names {
		account, _ := m.Gallery.Original(m.Config.Originals + "hundred/" + name)
		if !account.Complete() {
			t.Errorf("%s: %s", name, account.Why())
		}
		for _, v := range account.Variants {
			if status := visit(t, v.URL).status; status != http.StatusOK {
				t.Errorf("%s: %d", v.URL, status)
			}
		}
	}
}

// TestBadOriginals uploads everything in testdata/bad: each ends with its reason, leaves nothing, and harms nobody.
func TestBadOriginals(t *testing.T) {
	m := shared
	var expected []struct{ File, Reason string }
	readJSON(t, "testdata/bad.json", &expected)
	before := m.Lambda.Counters()
	events := listen(t, m)
	var names []string
	for _, e := range expected {
		name := m.Place("bad/" + e.File)
		uploadFile(t, m, filepath.Join("testdata", "bad", e.File), name)
		names = append(names, name)
	}
	uploadFile(t, m, filepath.Join("testdata", "originals", "photos", "cat.jpg"), "after/cat.jpg")
	accounts := await(t, m, append(names, "after/cat.jpg")...)
	all := events()
	for i, e := range expected {
		account := accounts[i]
		checkEvents(t, all, account.Key, report.StatusFailed)
		checkFailure(t, m, names[i])
		if account.State != gallery.Failed {
			t.Errorf("%s: %s", e.File, account.State)
		}
		// presets.yaml does not allow SVG, so that none is read far enough to see what else is wrong with it.
		if !strings.HasSuffix(e.File, ".svg") && account.Reason != e.Reason {
			t.Errorf("%s: reason %q, want %q: %s", e.File, account.Reason, e.Reason, account.Error)
		}
		if !strings.Contains(strings.Join(account.Log, "\n"), `"reason":"`+account.Reason+`"`) {
			t.Errorf("%s: the log does not say why:\n%s", e.File, strings.Join(account.Log, "\n"))
		}
	}
	if made := variants(t, m, "bad/"); len(made) > 0 {
		t.Errorf("written all the same: %v", made)
	}
	if !accounts[len(names)].Complete() {
		t.Errorf("the next original: %s", accounts[len(names)].Why())
	}
	now := m.Lambda.Counters()
	if now.Errors != before.Errors || now.Retries != before.Retries {
		t.Errorf("bad originals were retried: %+v", now)
	}
}

// TestResizedNeverInvokes puts objects below the resized prefix, and even hands the function an event about one.
func TestResizedNeverInvokes(t *testing.T) {
	m := shared
	drain(t, m.Lambda)
	before := m.Lambda.Counters()
	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	key := m.Config.Resized + "small/loop.jpg"
	if _, err := m.Objects.Put(t.Context(), key, store.Object{Body: photo, ContentType: "image/jpeg"}); err != nil {
		t.Fatal(err)
	}
	if now := m.Lambda.Counters(); now != before {
		t.Errorf("a variant invoked the function: %+v", now)
	}
	payload := notification(t, key)
	result, err := m.Lambda.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatal(err)
	}
	if log := strings.Join(result.Log, "\n"); !strings.Contains(log, `"outcome":"skipped"`) || !strings.Contains(log, "inside-resized") {
		t.Errorf("the guard did not say why it skipped:\n%s", log)
	}
	if made := variants(t, m, "small/loop"); len(made) > 0 {
		t.Errorf("rendered: %v", made)
	}
}

// TestBatchReportsWhatShouldBeRetried sends an SQS batch of a good message, one that is not JSON, one about an original
// that is gone and one whose bucket does not exist.
func TestBatchReportsWhatShouldBeRetried(t *testing.T) {
	m := shared
	photo := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	upload(t, m, "batch/good.jpg", photo)
	await(t, m, "batch/good.jpg")
	if err := m.Objects.Delete(t.Context(), slices.Collect(keysOf(variants(t, m, "batch/")))...); err != nil {
		t.Fatal(err)
	}
	broken := brokenS3(t, "batch/transient.jpg", m.S3)
	l := function(t, map[string]string{"AWS_ENDPOINT_URL_S3": broken}, nil)
	payload, err := json.Marshal(map[string]any{"Records": []any{
		message("good", string(notification(t, m.Config.Originals+"batch/good.jpg"))),
		message("malformed", "{not JSON"),
		message("gone", string(notification(t, m.Config.Originals+"batch/gone.jpg"))),
		message("transient", string(notification(t, m.Config.Originals+"batch/transient.jpg"))),
	}})
	if err != nil {
		t.Fatal(err)
	}
	result, err := l.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(result.Log, "\n"))
	}
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(result.Payload, &answer); err != nil {
		t.Fatalf("%s: %v", result.Payload, err)
	}
	if len(answer.BatchItemFailures) != 1 || answer.BatchItemFailures[0].ItemIdentifier != "transient" {
		t.Errorf("answer: %s\n%s", result.Payload, strings.Join(result.Log, "\n"))
	}
	if made := variants(t, m, "batch/"); len(made) != 4 {
		t.Errorf("%d variants of the good message", len(made))
	}
	if log := strings.Join(result.Log, "\n"); !strings.Contains(log, "malformed-event") {
		t.Errorf("nothing in the log of the malformed message:\n%s", log)
	}
}

func message(id, body string) map[string]any {
	return map[string]any{
		"messageId": id, "receiptHandle": id, "body": body, "attributes": map[string]string{}, "messageAttributes": map[string]any{},
		"md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:originals", "awsRegion": bucket.Region,
	}
}

// TestDeadlineTooShort gives the function less time than it wants to keep.
func TestDeadlineTooShort(t *testing.T) {
	m := shared
	upload(t, m, "deadline/cat.jpg", readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg")))
	await(t, m, "deadline/cat.jpg")
	l := function(t, map[string]string{"AWS_ENDPOINT_URL_S3": m.S3, "PRESIZE_DEADLINE_MARGIN": "5s"}, func(f *lambda.Function) {
		f.Timeout = 5 * time.Second
	})
	result, err := l.Invoke(t.Context(), notification(t, m.Config.Originals+"deadline/cat.jpg"))
	var failure *lambda.Error
	if !errors.As(err, &failure) || failure.Type == lambda.TimedOut || !strings.Contains(failure.Message, "timeout") {
		t.Errorf("got %v, want an error of the function's own that says so", err)
	}
	if log := strings.Join(result.Log, "\n"); !strings.Contains(log, `"reason":"deadline"`) {
		t.Errorf("log:\n%s", log)
	}
}

// TestDeadLetterWhenS3Fails retries twice, then gives up.
func TestDeadLetterWhenS3Fails(t *testing.T) {
	m := shared
	broken := brokenS3(t, "", m.S3)
	l := function(t, map[string]string{"AWS_ENDPOINT_URL_S3": broken}, nil)
	payload := notification(t, m.Config.Originals+"unlucky.jpg")
	if _, err := l.Enqueue(payload); err != nil {
		t.Fatal(err)
	}
	drain(t, l)
	letters := l.DeadLetters()
	if len(letters) != 1 || letters[0].Attempts != 3 || !bytes.Equal(letters[0].Payload, payload) {
		t.Fatalf("dead letters: %+v", letters)
	}
	if text := letters[0].Err.Error(); !strings.Contains(text, "unlucky.jpg") {
		t.Errorf("the error does not name the original: %s", text)
	}
	if got := l.Counters(); got.Invocations != 3 || got.Retries != 2 {
		t.Errorf("counters: %+v", got)
	}
}

// TestTwins uploads two originals that differ in their extension alone, and would share a thumbnail's key. People get
// every variant of both; an S3 client, which chooses its keys itself, is told what is in the way.
func TestTwins(t *testing.T) {
	m := shared
	cat := readFile(t, filepath.Join("testdata", "originals", "photos", "cat.jpg"))
	logo := readFile(t, filepath.Join("testdata", "originals", "logos", "dark.png"))
	upload(t, m, "twins/a.jpg", cat)
	second := m.Place("twins/a.png")
	if second == "twins/a.png" {
		t.Errorf("the second has the name %s", second)
	}
	upload(t, m, second, logo)
	for _, account := range await(t, m, "twins/a.jpg", second) {
		if !account.Complete() {
			t.Errorf("%s: %s", account.Key, account.Why())
		}
	}
	key := m.Config.Originals + "twins/a.png"
	if _, err := m.Objects.Put(t.Context(), key, store.Object{Body: logo}); err != nil {
		t.Fatal(err)
	}
	account := await(t, m, "twins/a.png")[0]
	if account.Reason != "key-taken" || !strings.Contains(account.Error, m.Config.Originals+"twins/a.jpg") {
		t.Errorf("%s: %s: %s; want key-taken, naming the other", account.State, account.Reason, account.Error)
	}
}

func TestNamesThatNoOriginalCanHave(t *testing.T) {
	names := map[string]string{
		"empty": "", "empty part": "a//b.jpg", "slash first": "/a.jpg", "slash last": "a/", "climbing": "../a.jpg", "dot": "./a.jpg",
		"long": strings.Repeat("a/", 510), "long part": strings.Repeat("a", 256), "not UTF-8": "\xff.jpg", "zero byte": "a\x00.jpg",
	}
	for name, bad := range names {
		t.Run(name, func(t *testing.T) {
			_, err := shared.Upload(t.Context(), bad, "", strings.NewReader("x"))
			if _, ok := errors.AsType[*page.NameError](err); !ok {
				t.Errorf("got %v, want a *page.NameError", err)
			}
		})
	}
}

// brokenS3 answers 503 for keys that contain part, and is the real S3 for others.
func brokenS3(t *testing.T, part, healthy string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, part) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		forward(w, r, healthy)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// forward passes a request on as it is: its signature covers the Host header, which is kept.
func forward(w http.ResponseWriter, r *http.Request, to string) {
	request := r.Clone(r.Context())
	request.RequestURI = ""
	request.URL.Scheme, request.URL.Host = "http", strings.TrimPrefix(to, "http://")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = response.Body.Close() }()
	maps.Copy(w.Header(), response.Header)
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// function runs the bootstrap apart from the machine, for settings of its own.
func function(t *testing.T, env map[string]string, change func(*lambda.Function)) *lambda.Lambda {
	t.Helper()
	all := map[string]string{
		"AWS_ACCESS_KEY_ID": bucket.AccessKey, "AWS_SECRET_ACCESS_KEY": bucket.SecretKey, "AWS_LAMBDA_LOG_FORMAT": "JSON",
		"PRESIZE_PATH_STYLE": "true", "PRESIZE_PRESETS": filepath.Join(root, "presets.yaml"),
	}
	maps.Copy(all, env)
	f := lambda.Function{
		Name: "resize", Bootstrap: bootstrap, Env: all, Processes: 1,
		RetryWaits: []time.Duration{time.Millisecond, time.Millisecond},
	}
	if change != nil {
		change(&f)
	}
	l, err := lambda.Start(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return l
}

func notification(t *testing.T, key string) []byte {
	t.Helper()
	payload, err := event.S3Notification(event.Change{Kind: event.Created, Bucket: machine.Bucket, Key: key, Region: bucket.Region})
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func drain(t *testing.T, l *lambda.Lambda) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if err := l.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

// await waits until the pipeline is done with the originals of these names.
func await(t *testing.T, m *machine.Machine, names ...string) []gallery.Original {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = m.Config.Originals + name
	}
	accounts, err := m.Gallery.Await(ctx, keys, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

func upload(t *testing.T, m *machine.Machine, name string, body []byte) {
	t.Helper()
	if _, err := m.Upload(t.Context(), name, "", bytes.NewReader(body)); err != nil {
		t.Errorf("upload %s: %v", name, err)
	}
}

func uploadFile(t *testing.T, m *machine.Machine, path, name string) {
	t.Helper()
	upload(t, m, name, readFile(t, path))
}

// variants lists the variants of originals whose names begin so: key to ETag.
func variants(t *testing.T, m *machine.Machine, name string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, p := range m.Config.Presets {
		for info, err := range m.Objects.List(t.Context(), m.Config.Resized+p.Name+"/"+name, "") {
			if err != nil {
				t.Fatal(err)
			}
			found[info.Key] = info.ETag
		}
	}
	return found
}

// below lists everything below the resized prefix whose key has this part: variants and records.
func below(t *testing.T, m *machine.Machine, part string) []string {
	t.Helper()
	var found []string
	for info, err := range m.Objects.List(t.Context(), m.Config.Resized, "") {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(info.Key, part) {
			found = append(found, info.Key)
		}
	}
	return found
}

func keysOf(objects map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range objects {
			if !yield(key) {
				return
			}
		}
	}
}

func read(t *testing.T, m *machine.Machine, key string) (store.Info, []byte) {
	t.Helper()
	info, body, err := m.Objects.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return info, content
}

// readFile reads a file of the project.
func readFile(t *testing.T, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, path), into); err != nil {
		t.Fatal(err)
	}
}
