package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var everywhere = []string{"terraform", "terraform/examples/complete", "terraform/examples/existing-bucket"}

func TestFormat(t *testing.T) {
	if out, code := command(t, moduleDir, nil, terraformPath(t), "fmt", "-no-color", "-check", "-diff", "-recursive"); code != 0 {
		t.Errorf("`terraform fmt -recursive` is due in terraform:\n%s", out)
	}
	if out, code := command(t, "testdata", nil, terraformPath(t), "fmt", "-no-color", "-check", "-diff"); code != 0 {
		t.Errorf("`terraform fmt` is due in scripts/terraform/testdata:\n%s", out)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	terraformPath(t)
	for _, at := range everywhere {
		t.Run(filepath.Base(at), func(t *testing.T) {
			t.Parallel()
			copyModule(t, at).must(t, at, "validate")
		})
	}
}

func TestLint(t *testing.T) {
	t.Parallel()
	linter, err := filepath.Abs(filepath.Join("..", "..", ".cache", "bin", "tflint-"+tflintVersion))
	if err != nil {
		t.Fatal(err)
	}
	if !exists(linter) {
		missing(t, "tflint "+tflintVersion, "`make test-terraform` builds it.")
	}
	for _, at := range []string{"", "examples/complete", "examples/existing-bucket"} {
		out, code := command(t, filepath.Join(moduleDir, at), nil, linter, "--no-color", "--config", absolute(t, filepath.Join(moduleDir, ".tflint.hcl")))
		if code != 0 {
			t.Errorf("tflint in terraform/%s:\n%s", at, out)
		}
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// Terraform's own tests: with a mocked provider, and with the real one that renders every permission. TestVariables and
// TestRefusals run the two files that are left out here, and look at the sentences besides.
func TestTerraform(t *testing.T) {
	t.Parallel()
	here := map[string]bool{"triggers": true, "function": true, "policies": true, "cdn": true, "backfill": true, "cleanup": true, "completion": true, "variables": false, "refusals": false}
	files, err := filepath.Glob(filepath.Join(moduleDir, "tests", "*.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"test"}
	for _, file := range files {
		name := filepath.Base(file)
		run, known := here[strings.TrimSuffix(name, ".tftest.hcl")]
		if !known {
			t.Errorf("%s is run by no test", file)
		}
		if run {
			args = append(args, "-filter=tests/"+name)
		}
	}
	out, code := copyModule(t, "terraform").terraform(t, "terraform", args...)
	if passed := regexp.MustCompile(`Success! (\d+) passed, 0 failed`).FindStringSubmatch(out); code != 0 || passed == nil || passed[1] == "0" {
		t.Fatalf("exit code %d\n%s", code, out)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
