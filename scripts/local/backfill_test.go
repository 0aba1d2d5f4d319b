package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
)

// twoPresets are quickly rendered.
const twoPresets = `version: 1
originals: originals/
resized: resized/
key: "{preset}/{dir}{name}.{ext}"
defaults: {quality: 80}
presets:
  small: {width: 60}
  thumbnail: {width: 30, height: 30, fit: cover, format: webp}
`

// site is a bucket of its own, whose uploads invoke nothing, and the folder that the backfill works in.
type site struct {
	name     string
	folder   string // with presets.yaml, and everything that the backfill keeps
	endpoint string // of S3, as the backfill is told
	config   *preset.Config
	client   *s3.Client
	objects  store.Objects
}

// newSite makes a bucket of the shared S3 server.
func newSite(t testing.TB, name, presets string) *site {
	t.Helper()
	s := &site{name: name, folder: t.TempDir(), endpoint: shared.S3}
	s.setPresets(t, presets)
	s.connect(t)
	if _, err := s.client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) connect(t testing.TB) {
	t.Helper()
	var err error
	if s.client, err = store.Connect(t.Context(), store.Options{
		Endpoint: s.endpoint, Region: bucket.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(bucket.AccessKey, bucket.SecretKey, ""),
	}); err != nil {
		t.Fatal(err)
	}
	s.objects = store.NewS3(s.client, s.name)
}

func (s *site) setPresets(t testing.TB, text string) {
	t.Helper()
	path := filepath.Join(s.folder, "presets.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.config, err = preset.LoadFile(path); err != nil {
		t.Fatal(err)
	}
}

func (s *site) put(t testing.TB, key string, body []byte) {
	t.Helper()
	if _, err := s.objects.Put(t.Context(), key, store.Object{Body: body}); err != nil {
		t.Fatal(err)
	}
}

// photos uploads a number of originals, each at its place.
func (s *site) photos(t testing.TB, number int) {
	t.Helper()
	for i := range number {
		s.put(t, s.config.Originals+place(i)+".jpg", photo(t))
	}
}

// all lists what stands below a prefix, with its metadata when that is asked for.
func (s *site) all(t testing.TB, prefix string, metadata bool) map[string]store.Info {
	t.Helper()
	found := map[string]store.Info{}
	for info, err := range s.objects.List(t.Context(), prefix, "") {
		if err == nil && metadata {
			info, err = s.objects.Head(t.Context(), info.Key)
		}
		if err != nil {
			t.Fatal(err)
		}
		found[info.Key] = info
	}
	return found
}

// variants lists the variants, with their metadata when that is asked for: what else Presize keeps below the resized prefix
// is left out.
func (s *site) variants(t testing.TB, metadata bool) map[string]store.Info {
	t.Helper()
	found := map[string]store.Info{}
	for _, p := range s.config.Presets {
		maps.Copy(found, s.all(t, s.config.VariantPrefix(p.Name), metadata))
	}
	return found
}

// isVariant says whether a key is where a variant of a preset may stand.
func (s *site) isVariant(key string) bool {
	return slices.ContainsFunc(s.config.Presets, func(p preset.Preset) bool { return strings.HasPrefix(key, s.config.VariantPrefix(p.Name)) })
}

// complete checks that every original has the variants that presets.yaml asks for, at their likeliest keys, and no
// others. except are keys of originals that have none.
func (s *site) complete(t testing.TB, except ...string) {
	t.Helper()
	want := map[string]string{}
	for key, info := range s.all(t, s.config.Originals, false) {
		for _, p := range s.config.PresetsFor(key) {
			want[s.config.PredictKeys(p, key)[0]] = key + " " + info.ETag + " " + p.Name
		}
	}
	for _, key := range except {
		for _, p := range s.config.PresetsFor(key) {
			delete(want, s.config.PredictKeys(p, key)[0])
		}
	}
	got := map[string]string{}
	for key, info := range s.variants(t, true) {
		got[key] = strings.Join([]string{info.Metadata["presize-original"], info.Metadata["presize-original-etag"], info.Metadata["presize-preset"]}, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
}

// command is the backfill, with the place that every subcommand is told.
func (s *site) command(ctx context.Context, args ...string) *exec.Cmd {
	return s.in(exec.CommandContext(ctx, backfill, append(args, "--bucket", s.name, "--endpoint-url", s.endpoint)...))
}

// in sets a command's folder and environment: it sees nothing of the user's.
func (s *site) in(command *exec.Cmd) *exec.Cmd {
	command.Dir = s.folder
	command.Env = slices.DeleteFunc(os.Environ(), func(setting string) bool { return strings.HasPrefix(setting, "AWS_") })
	command.Env = append(command.Env,
		"AWS_ACCESS_KEY_ID="+bucket.AccessKey, "AWS_SECRET_ACCESS_KEY="+bucket.SecretKey, "AWS_REGION="+bucket.Region,
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true",
		"HOME="+s.folder, "XDG_CACHE_HOME="+filepath.Join(s.folder, "cache"))
	return command
}

// ended is how a command ended.
type ended struct {
	code          int // -1: by a signal
	out, messages string
	wall, cpu     time.Duration
}

func finish(t testing.TB, command *exec.Cmd) ended {
	t.Helper()
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	start := time.Now()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	err := command.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	e := ended{code: command.ProcessState.ExitCode(), out: out.String(), messages: messages.String(), wall: time.Since(start)}
	e.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	return e
}

// backfill runs it, and expects an exit code and texts in what it prints.
func (s *site) backfill(t testing.TB, code int, args []string, wants ...string) ended {
	t.Helper()
	e := finish(t, s.command(t.Context(), args...))
	t.Logf("%q: %s, %s of CPU", args, e.wall, e.cpu)
	e.expect(t, args, code, wants...)
	return e
}

func (e ended) expect(t testing.TB, args []string, code int, wants ...string) {
	t.Helper()
	all := e.out + e.messages
	if e.code != code {
		t.Fatalf("%q: exit code %d, want %d\n%s", args, e.code, code, all)
	}
	for _, want := range wants {
		if !strings.Contains(all, want) {
			t.Errorf("%q: no %q in\n%s", args, want, all)
		}
	}
}

// document is what `plan --json` prints, as far as the tests look.
type document struct {
	Complete bool
	Presets  []presetLine
	Extras   []struct {
		Kind    string
		Objects int64
		Bytes   int64
	}
	Run struct {
		Originals, Bytes, Variants, Missing, Stale int64
		Estimates                                  map[string]struct{ Dollars float64 }
	}
	Survey struct {
		Lists, Heads int64
		HeadsSaved   int64 `json:"heads_saved"`
	}
}

// presetLine is how a preset's variants stand.
type presetLine struct {
	Preset          string
	Originals       int64
	UpToDate        int64 `json:"up_to_date"`
	Missing         int64
	Stale           int64
	StaleByOriginal int64 `json:"stale_by_original"`
	StaleByPreset   int64 `json:"stale_by_preset"`
	StaleByBoth     int64 `json:"stale_by_both"`
	Taken           int64
}

func (s *site) plan(t testing.TB, args ...string) document {
	t.Helper()
	e := s.backfill(t, 0, append([]string{"plan", "--json"}, args...))
	var d document
	if err := json.Unmarshal([]byte(e.out), &d); err != nil {
		t.Fatalf("%v\n%s", err, e.out)
	}
	return d
}

// extras are the plan's leftovers: objects by kind.
func (d document) extras() map[string]int64 {
	objects := map[string]int64{}
	for _, e := range d.Extras {
		objects[e.Kind] = e.Objects
	}
	return objects
}

// settle waits until everything written so far is old enough for the index, which trusts no time that has only seconds.
func settle() { time.Sleep(3 * time.Second) }

// photo is a small one, of 451 x 300 pixels.
func photo(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, "testdata", "originals", "photos", "cat.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// each calls do for 0 to n-1, 16 at a time.
func each(n int, do func(i int) error) error {
	var group sync.WaitGroup
	next := make(chan int)
	failed := make(chan error, n)
	for range 16 {
		group.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					failed <- fmt.Errorf("%d: %w", i, err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	close(failed)
	return <-failed
}
