package command_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/backfill/command"
)

// run runs a command line, without a server.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1", "AWS_CONFIG_FILE": os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "", "XDG_CACHE_HOME": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
	var out, err bytes.Buffer
	code = command.Main(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

// TestBadFlags holds that each names itself, what was found and what is right, and that nothing was asked of a server.
func TestBadFlags(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "presets.yaml")
	if err := os.WriteFile(broken, []byte("presets:\n  small: {widht: 1}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no command", []string{"paln"}, `found the command "paln"`},
		{"an argument", []string{"plan", "photos"}, `found "photos" behind backfill plan`},
		{"no bucket", []string{"plan"}, `--bucket is ""; a bucket's name alone is right`},
		{"a URL for a bucket", []string{"plan", "--bucket", "s3://photos"}, `--bucket is "s3://photos"`},
		{"a URL for a target", []string{"plan", "--bucket", "photos", "--target-bucket", "s3://p"}, `--target-bucket is "s3://p"`},
		{"unknown flag", []string{"plan", "--prefx", "a"}, `unknown flag: --prefx; see backfill plan --help`},
		{"no endpoint", []string{"plan", "--bucket", "photos", "--endpoint-url", "localhost"}, `--endpoint-url is "localhost"; such as http://127.0.0.1:8082 is right`},
		{"no presets", []string{"plan", "--bucket", "photos", "--presets", "nowhere.yaml"}, `--presets is "nowhere.yaml", and there is no such file`},
		{"broken presets", []string{"plan", "--bucket", "photos", "--presets", broken}, `did you mean "width"?`},
		{"rate", []string{"plan", "--bucket", "photos", "--rate", "gold=1"}, `--rate: found the rate "gold"; there are s3-list`},
		{"sample", []string{"plan", "--bucket", "photos", "--sample", "-1"}, `--sample is -1; 0 or more is right`},
		{"heads", []string{"plan", "--bucket", "photos", "--heads", "0"}, `--heads is 0; 1 or more is right`},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, err := run(t, c.args...)
			if code != 2 || out != "" || !strings.Contains(err, c.want) {
				t.Errorf("exit code %d, %q, %q; want 2 and %q", code, out, err, c.want)
			}
		})
	}
}

// TestUnreachable holds that a server that is not there is told in words.
func TestUnreachable(t *testing.T) {
	code, _, err := run(t, "plan", "--bucket", "photos", "--presets", "../../../presets.yaml", "--endpoint-url", "http://127.0.0.1:1")
	if code != 1 || !strings.Contains(err, "cannot reach 127.0.0.1:1: is the server running, and --endpoint-url right?") {
		t.Errorf("exit code %d, %q", code, err)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"plan", "--help"}} {
		if code, out, err := run(t, args...); code != 0 || err != "" || !strings.Contains(out, "backfill plan --bucket photos") {
			t.Errorf("%q: exit code %d, %q, %q", args, code, out, err)
		}
	}
}
