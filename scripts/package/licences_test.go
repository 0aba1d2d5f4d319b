package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestOverview(t *testing.T) {
	readme, err := overview([]byte(`{"webp": "1.6.0", "glib": "2.90.0"}`))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(readme), "\nglib  2.90.0  LGPL 3\nwebp  1.6.0   BSD 3-Clause\n") {
		t.Errorf("overview:\n%s", readme)
	}
	_, err = overview([]byte(`{"dav2d": "1.0"}`))
	expect(t, err, "libvips brings dav2d 1.0, whose licence is neither")
}

// Every library that has terms has its notice.
func TestNotices(t *testing.T) {
	for library, licence := range terms {
		notice, err := texts.ReadFile("licences/libraries/" + library + ".txt")
		if err != nil || len(notice) < 200 {
			t.Errorf("%s (%s): a notice of %d bytes, %v", library, licence, len(notice), err)
		}
	}
}

func TestLicenceFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"LICENSE", "licence.md", "COPYING", "NOTICE.txt", "license.go", "main.go", "README.md"} {
		put(t, filepath.Join(dir, name), "x")
	}
	var names []string
	for _, path := range licenceFiles(dir) {
		names = append(names, filepath.Base(path))
	}
	if got := strings.Join(names, " "); got != "COPYING LICENSE NOTICE.txt licence.md" {
		t.Errorf("found %s", got)
	}
}
