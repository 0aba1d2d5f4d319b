package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// tflintVersion is the one that `make test-terraform` builds.
const tflintVersion = "v0.64.0"

// missing ends a test that cannot run here: loudly skipped on somebody's machine, failed where CI has everything.
func missing(t *testing.T, what, how string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI skips nothing. %s", what, how)
	}
	t.Skipf("NOT TESTED: %s is missing. %s", what, how)
}

// tool finds a program, or ends the test.
func tool(t *testing.T, name, how string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name, how)
	}
	return path
}

func terraformPath(t *testing.T) string {
	t.Helper()
	return tool(t, "terraform", "Install Terraform 1.11 or later.")
}

// command runs a program in dir and gives what it prints and its exit code. Nothing of the user's AWS settings reaches it.
func command(t *testing.T, dir string, env []string, name string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(cleanEnvironment(), env...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

var cleanEnvironment = sync.OnceValue(func() []string {
	env := []string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER="}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "AWS_"), strings.HasPrefix(name, "TF_VAR_"), strings.HasPrefix(name, "TF_CLI_ARGS"):
		case name == "TF_CLI_CONFIG_FILE" && !exists(value):
		default:
			env = append(env, pair)
		}
	}
	return env
})

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// providerSettings let terraform find the AWS provider: as the user has configured it, or else in a mirror on this machine,
// or else by itself, from the network.
var providerSettings = sync.OnceValue(func() []string {
	home, _ := os.UserHomeDir()
	if exists(os.Getenv("TF_CLI_CONFIG_FILE")) || exists(filepath.Join(home, ".terraformrc")) {
		return nil
	}
	mirror := findMirror(home)
	if mirror == "" {
		cache := filepath.Join(os.TempDir(), "presize-terraform-plugins")
		if os.MkdirAll(cache, 0o755) != nil {
			return nil
		}
		return []string{"TF_PLUGIN_CACHE_DIR=" + cache}
	}
	config := filepath.Join(temporary, "terraformrc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path    = %q\n    include = [\"hashicorp/*\"]\n  }\n}\n", mirror)
	if os.WriteFile(config, []byte(text), 0o644) != nil {
		return nil
	}
	return []string{"TF_CLI_CONFIG_FILE=" + config}
})

// findMirror searches, where software is installed, for a folder laid out as terraform's filesystem mirrors are:
// host/namespace/type/version/platform/terraform-provider-aws_*.
func findMirror(home string) string {
	const levels = 6 // from the program up to the mirror
	found := ""
	for _, root := range []string{"/opt", "/usr/local", "/usr/share", "/usr/lib", "/var/lib", "/srv", filepath.Join(home, ".terraform.d")} {
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case entry.IsDir() && strings.Count(strings.TrimPrefix(path, root), "/") > levels+2:
				return fs.SkipDir
			case entry.IsDir() || !strings.HasPrefix(entry.Name(), "terraform-provider-aws_"):
				return nil
			}
			for found = path; strings.Count(found, "/") > strings.Count(path, "/")-levels; {
				found = filepath.Dir(found)
			}
			return fs.SkipAll
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// temporary lives as long as the tests.
var temporary string

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // most of them wait for a simulated AWS, not for a processor
		panic(err)
	}
	dir, err := os.MkdirTemp("", "presize-terraform")
	if err != nil {
		panic(err)
	}
	temporary = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
