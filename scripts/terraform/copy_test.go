package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// copied is the module, with presets.yaml and packages beside it as in the project, in a folder of its own, in which
// terraform has been initialised.
type copied struct {
	root string
	env  []string
}

// initialising is one terraform at a time: its plugin cache wants that.
var initialising sync.Mutex

// newCopy copies the module.
func newCopy(t *testing.T) copied {
	t.Helper()
	terraformPath(t)
	c := copied{root: t.TempDir(), env: providerSettings()}
	c.copyFiles(t, "terraform")
	for _, folder := range []string{"tests", "examples"} {
		copyFolder(t, filepath.Join(moduleDir, folder), filepath.Join(c.root, "terraform", folder))
	}
	write(t, c.root, "presets.yaml", read(t, filepath.Join(moduleDir, "..", "presets.yaml")))
	for _, function := range []string{"resize", "cleanup"} {
		write(t, c.root, ".build/package/"+function+"-arm64.zip", tinyPackage(t))
	}
	return c
}

// copyFiles copies the module's own files to a folder of the copy.
func (c copied) copyFiles(t *testing.T, at string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(moduleDir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		write(t, c.root, filepath.Join(at, filepath.Base(file)), read(t, file))
	}
}

// copyFolder leaves out what terraform keeps for whoever works in it.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && name == ".terraform":
			return fs.SkipDir
		case entry.IsDir() || strings.HasPrefix(name, ".terraform") || strings.Contains(name, ".tfstate"):
			return nil
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		write(t, to, relative, read(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copyModule copies the module and initialises it, or one of its examples.
func copyModule(t *testing.T, at string) copied {
	t.Helper()
	c := newCopy(t)
	c.initialise(t, at)
	return c
}

// initialise is `terraform init`.
func (c copied) initialise(t *testing.T, at string, args ...string) {
	t.Helper()
	initialising.Lock()
	defer initialising.Unlock()
	if out, code := c.terraform(t, at, append([]string{"init", "-input=false"}, args...)...); code != 0 {
		missing(t, "the AWS provider", "`terraform init` has to find it, here or in the network:\n"+out)
	}
}

// terraform runs in a folder of the copy.
func (c copied) terraform(t *testing.T, at string, args ...string) (output string, code int) {
	t.Helper()
	args = append(args[:1:1], append([]string{"-no-color"}, args[1:]...)...)
	return command(t, filepath.Join(c.root, at), c.env, "terraform", args...)
}

// must is terraform that has to succeed.
func (c copied) must(t *testing.T, at string, args ...string) string {
	t.Helper()
	out, code := c.terraform(t, at, args...)
	if code != 0 {
		t.Fatalf("terraform %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// replace mutates a file of the copy.
func (c copied) replace(t *testing.T, file, from, to string) {
	t.Helper()
	text := read(t, filepath.Join(c.root, file))
	if strings.Count(text, from) != 1 {
		t.Fatalf("%s has %d of %q; one is needed", file, strings.Count(text, from), from)
	}
	write(t, c.root, file, strings.Replace(text, from, to, 1))
}

// outputs reads the outputs that are texts.
func (c copied) outputs(t *testing.T, at string) map[string]string {
	t.Helper()
	var raw map[string]struct{ Value any }
	if err := json.Unmarshal([]byte(c.must(t, at, "output", "-json")), &raw); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, output := range raw {
		if text, ok := output.Value.(string); ok {
			texts[name] = text
		}
	}
	return texts
}

func tinyPackage(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create("bootstrap"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
