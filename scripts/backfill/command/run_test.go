package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/presize/presize/functions/pipeline/store"
)

// place is what every run in a test is told: the stand-in, two presets, and files of its own.
func place(t *testing.T, s *server) []string {
	t.Helper()
	folder := t.TempDir()
	presets := filepath.Join(folder, "presets.yaml")
	text := "version: 1\noriginals: originals/\nresized: resized/\npresets:\n  small: {width: 40}\n  tiny: {width: 20, format: webp}\n"
	if err := os.WriteFile(presets, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return []string{
		"run", "--bucket", "photos", "--endpoint-url", s.url, "--presets", presets, "--index", "none",
		"--checkpoint", filepath.Join(folder, "checkpoint"), "--failures", filepath.Join(folder, "failures.jsonl"),
	}
}

func expect(t *testing.T, args []string, wantCode int, wants ...string) {
	t.Helper()
	code, stdout, stderr := run(t, args...)
	if code != wantCode {
		t.Errorf("exit code %d, want %d\n%s%s", code, wantCode, stdout, stderr)
	}
	for _, want := range wants {
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("no %q in\n%s%s", want, stdout, stderr)
		}
	}
}

func TestRun(t *testing.T) {
	s := serve(t, 12)
	at := place(t, s)
	expect(t, append(at, "--dry-run"), 0, "12 originals of s3://photos/originals/ to read", "24 variants to write", "originals/3.jpg: small, tiny\n", "--dry-run")
	if all, _ := s.written(); all != 0 {
		t.Errorf("a dry run wrote %d times", all)
	}
	expect(t, append(at, "--preset", "tiny", "--max-objects", "5"), 0, "5 originals rendered, 5 variants written", "0 retries")
	expect(t, append(at, "--only", "stale"), 0, "Nothing to do.")
	expect(t, append(at, "--match", "{3,4}.jpg"), 0, "2 originals of")
	expect(t, append(at, "--quiet"), 0, "variants written")
	expect(t, at, 0, "Nothing to do.")
	if all, most := s.written(); s.keys("resized/") != 36 || all != 24 || most != 1 /* 24 variants, and 12 manifests */ {
		t.Errorf("%d variants, %d PUTs, %d for one key", s.keys("resized/"), all, most)
	}
	expect(t, append(at, "--only", "all"), 0, "12 originals rendered, 0 variants written")
	if _, err := os.Stat(at[len(at)-3]); err == nil {
		t.Error("finished runs leave a checkpoint")
	}
}

func TestRunMaxCost(t *testing.T) {
	s := serve(t, 12)
	at := place(t, s)
	// 36 PUTs, 12 of them manifests, at $0.005 a thousand are $0.00018, and the GETs and HEADs a tenth of that.
	expect(t, append(at, "--max-cost", "0.0001"), 1, "the plan costs about $0.0002", "--max-cost is $0.0001")
	expect(t, append(at, "--max-cost", "10", "--rate", "s3-put=5000"), 1, "the plan costs about $180.0000 and --max-cost is $10.0000", "nothing was rendered")
	if all, _ := s.written(); all != 0 {
		t.Errorf("refused runs wrote %d times", all)
	}
	expect(t, append(at, "--max-cost", "20", "--rate", "s3-list=5000"), 1, "planning alone has cost $", "nothing was rendered")
	expect(t, append(at, "--max-cost", "181", "--rate", "s3-put=5000", "--rate", "s3-list=5000"), 1, "of which planning has spent $25", "nothing was rendered")
	// The five that a run takes are the five that the plan is about.
	expect(t, append(at, "--max-objects", "5", "--max-cost", "76", "--rate", "s3-put=5000", "--dry-run"), 0, "5 originals of", "$75", "originals/0.jpg: small", "originals/2.jpg: small")
	// The run's own listing is not in the plan, and counts.
	expect(t, append(at, "--max-cost", "206", "--rate", "s3-put=5000", "--rate", "s3-list=5000"), 1, "in flight would pass --max-cost", "To go on where it stopped: backfill run --bucket photos")
	expect(t, append(at, "--max-cost", "195", "--rate", "s3-put=5000"), 0, "Resuming: ", "variants written")
	if s.keys("resized/") != 36 {
		t.Errorf("%d variants", s.keys("resized/"))
	}
}

func TestRunFailures(t *testing.T) {
	s := serve(t, 4)
	at := place(t, s)
	failures := at[len(at)-1]
	etag, _ := s.Put(t.Context(), "originals/1.jpg", store.Object{Body: []byte("no image")})
	expect(t, at, 1, "3 originals rendered", "1 failed: 1 not-an-image", "once more: backfill run --bucket photos --presets", "--from "+failures)
	data, err := os.ReadFile(failures)
	if err != nil || !strings.HasPrefix(string(data), `{"original":"originals/1.jpg","reason":"not-an-image","error":"`) || !strings.Contains(string(data), etag) {
		t.Errorf("failures: %s, %v", data, err)
	}
	expect(t, append(at, "--from", failures), 1, "1 originals of", "1 failed")
	good, body, _ := s.Open(t.Context(), "originals/2.jpg")
	photo := make([]byte, good.Size)
	_, _ = body.Read(photo)
	_, _ = s.Put(t.Context(), "originals/1.jpg", store.Object{Body: photo})
	expect(t, append(at, "--from", failures), 0, "1 originals rendered, 2 variants written")
	if _, err := os.Stat(failures); err == nil {
		t.Error("the file still lists what is done")
	}
}

// Ctrl-C lets what is in flight end; the same command goes on, and renders nothing twice.
func TestRunInterrupted(t *testing.T) {
	s := serve(t, 40)
	photo, body, _ := s.Open(t.Context(), "originals/0.jpg")
	bytes := make([]byte, photo.Size)
	_, _ = body.Read(bytes)
	for _, key := range []string{"photo", "photo-1.jpg", "photo-2/a.jpg", "photo/a.jpg"} { // walked in another order than listed
		_, _ = s.Put(t.Context(), "originals/"+key, store.Object{Body: bytes})
	}
	at := append(place(t, s), "--in-flight", "2", "--only", "all")
	var once sync.Once
	s.onPut = func(string) {
		once.Do(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGINT) })
	}
	code, stdout, stderr := run(t, at...)
	if code != 130 || !strings.Contains(stderr, "Finishing what is in flight") || !strings.Contains(stdout, "To go on where it stopped: backfill run --bucket photos") ||
		!strings.Contains(stdout, "--in-flight 2") || strings.Contains(stderr, "backfill:") {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	expect(t, append(at, "--prefix", "1"), 1, `--prefix was "" and is "1"`, "--restart")
	expect(t, at, 0, "Resuming: ", "variants written")
	if all, most := s.written(); s.keys("resized/") != 132 || all != 88 || most != 1 {
		t.Errorf("%d variants, %d PUTs, %d for one key", s.keys("resized/"), all, most)
	}
}

func TestRunCheckpointPlaces(t *testing.T) {
	s := serve(t, 2)
	at := place(t, s)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, append(at, "--checkpoint", filepath.Join(file, "x")), 1, file, "name another place with --checkpoint")
	expect(t, append(at, "--failures", filepath.Join(file, "x")), 1, file, "--failures")
	expect(t, append(at, "--checkpoint", "s3://photos"), 2, "s3://bucket/key is right")
	if all, _ := s.written(); all != 0 {
		t.Errorf("refused runs wrote %d times", all)
	}
	expect(t, append(at, "--checkpoint", "s3://photos/state/x"), 0, "4 variants written")
	if n := s.keys("state/"); n != 0 {
		t.Errorf("%d checkpoints are left", n)
	}
	expect(t, append(at, "--checkpoint", "none"), 0, "Nothing to do")
}

func TestRunFlags(t *testing.T) {
	role, function := "arn:aws:iam::123456789012:role/r", "arn:aws:lambda:us-east-1:123456789012:function:f"
	batch := []string{"--via", "batch", "--role-arn", role, "--function-arn", function}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"via":                 {[]string{"--via", "magic"}, `--via is "magic"`},
		"cost":                {[]string{"--max-cost", "-1"}, "--max-cost is -1"},
		"no cost":             {[]string{"--max-cost", "0"}, "--max-cost is 0; dollars, more than 0, are right"},
		"cost, not a number":  {[]string{"--max-cost", "NaN"}, "--max-cost is NaN"},
		"all by lambda":       {[]string{"--via", "lambda", "--only", "all"}, "--via here or --via batch is right"},
		"lambda, local S3":    {[]string{"--via", "lambda"}, "say by --lambda-endpoint-url where the function is"},
		"batch, local S3":     {append(batch, "--manifest", "s3://a/b", "--report", "s3://a/b"), "--via batch makes a job of AWS, which cannot reach it"},
		"wait, not lambda":    {[]string{"--wait", "1m"}, "--wait is for --via lambda, and --via is here"},
		"yes, not batch":      {[]string{"--yes"}, "--yes is for --via batch, and --via is here"},
		"restart, batch":      {append(batch, "--restart"), "--restart is for --via here and lambda, and --via is batch"},
		"failures, batch":     {append(batch, "--failures", "x"), "--failures is for --via here and lambda, and --via is batch"},
		"in flight":           {[]string{"--in-flight", "-1"}, "--in-flight is -1"},
		"wait":                {[]string{"--wait", "-1s"}, "--wait is -1s"},
		"only":                {[]string{"--only", "some"}, `--only is "some"`},
		"from and prefix":     {[]string{"--from", os.DevNull, "--prefix", "a"}, "--from takes its originals from a file, and --prefix"},
		"from and only":       {[]string{"--from", os.DevNull, "--only", "stale"}, `--only is "stale" with --from`},
		"from nowhere":        {[]string{"--from", "nowhere"}, `--from is "nowhere"`},
		"manifest, not batch": {[]string{"--manifest", "s3://a/b"}, "--manifest is for --via batch"},
		"no manifest":         {append(batch, "--report", "s3://a/b"), "--via batch needs --manifest"},
		"no report":           {append(batch, "--manifest", "s3://a/b"), "--via batch needs --report"},
		"no role":             {[]string{"--via", "batch", "--manifest", "s3://a/b", "--report", "s3://a/b"}, `--role-arn is ""`},
		"two lists":           {append(batch, "--manifest", "s3://a/b", "--inventory", "s3://a/b", "--report", "s3://a/b"), "leave one of them out"},
		"inventory, selected": {append(batch, "--inventory", "s3://a/b", "--report", "s3://a/b", "--prefix", "x"), "nothing can be selected"},
		"inventory, priced":   {append(batch, "--inventory", "s3://a/b", "--report", "s3://a/b", "--max-cost", "1"), "nothing can be selected from it, planned or priced"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"run", "--bucket", "photos", "--presets", "../../../presets.yaml", "--endpoint-url", serve(t, 0).url}, c.args...)
			expect(t, args, 2, c.want)
		})
	}
}
