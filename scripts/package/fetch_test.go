package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVerify(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.deb")
	put(t, file, "abc")
	// SHA-256 of "abc", from FIPS 180-4's examples.
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	expect(t, verify(file, abc), "")
	put(t, file, "abd")
	expect(t, verify(file, abc), "checksum mismatch, nothing was installed:\n  pinned  "+abc)
	expect(t, verify(file+"c", abc), "no such file")
}

func TestEscape(t *testing.T) {
	if got := escape("pool/main/g/gmp/libgmp10_6.2.1+dfsg-1~a.deb"); got != "pool/main/g/gmp/libgmp10_6.2.1%2bdfsg-1%7ea.deb" {
		t.Errorf("got %s", got)
	}
}

// A mirror that does not answer, and how to name another, is what the error says.
func TestMirrorThatDoesNotAnswer(t *testing.T) {
	if _, err := os.Stat(aptHelper); err != nil {
		t.Skip("there is no apt here: ", err)
	}
	pinned := pins{"pool/main/a/a/a_1_amd64.deb": strings.Repeat("0", 64)}
	err := fetch(t.Context(), t.TempDir(), pinned, "http://127.0.0.1:1/debian", io.Discard)
	expect(t, err, "a_1_amd64.deb")
	expect(t, err, "make package DEBIAN_MIRROR=https://HOST/debian")
}

func TestComplaints(t *testing.T) {
	const output = "W: unsandboxed\nE: Failed one\nE: Failed two\n   detail\nE: Failed three\nE: Failed four\n"
	if got := complaints(output); got != "  E: Failed one\n  E: Failed two\n  detail\n  E: Failed three" {
		t.Errorf("got %q", got)
	}
}

func put(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
