package main

import (
	"strings"
	"testing"
)

func TestLock(t *testing.T) {
	pinned, err := readLock(lockJSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range arches {
		for _, wanted := range []string{"/libstdc++6_10.", "/libgcc-s1_10.", "/libc6-dev_2.31-"} {
			found := 0
			for _, name := range pinned.Toolchain.names() {
				if strings.Contains(name, wanted) && strings.HasSuffix(name, "_"+a.goarch+".deb") {
					found++
				}
			}
			if found != 1 {
				t.Errorf("%d packages %s for %s", found, wanted, a.name)
			}
		}
	}
}

func TestLockIsChecked(t *testing.T) {
	const sum = "e2fcdb378d3c1ad1bcb64d4fb6b37aab44011152beca12a4944f435a2582df1f"
	good := `{"go":"go1.26.8","toolchain":{"pool/a.deb":"` + sum + `"},"emulator":{"pool/b.deb":"` + sum + `"}}`
	tests := map[string]struct{ lock, wrong string }{
		"good":             {good, ""},
		"not JSON":         {"{", "package.lock.json"},
		"no Go":            {strings.Replace(good, "go1.26.8", "", 1), "go is"},
		"a short checksum": {strings.Replace(good, sum, sum[:62], 1), "not a SHA-256"},
		"outside a pool":   {strings.Replace(good, "pool/a.deb", "pool/../../a.deb", 1), "not a path of a package"},
		"another host":     {strings.Replace(good, "pool/a.deb", "https://example.com/a.deb", 1), "not a path of a package"},
		"no toolchain":     {strings.Replace(good, `"toolchain"`, `"tools"`, 1), "must both name packages"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { expect(t, second(readLock([]byte(test.lock))), test.wrong) })
	}
}

func TestPinsID(t *testing.T) {
	one, other := pins{"pool/a.deb": "1", "pool/b.deb": "2"}, pins{"pool/a.deb": "2", "pool/b.deb": "1"}
	if one.id() == other.id() || one.id() != (pins{"pool/b.deb": "2", "pool/a.deb": "1"}).id() {
		t.Errorf("ids: %s, %s", one.id(), other.id())
	}
}

func second[T any](_ T, err error) error { return err }

// expect wants an error that says something, or none.
func expect(t *testing.T, err error, says string) {
	t.Helper()
	if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("error %v; want one that says %q", err, says)
	}
}
