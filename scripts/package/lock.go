package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

//go:embed package.lock.json
var lockJSON []byte

// lock pins what a zip's bytes come from: the Go release, and packages of Debian 11 by their path below any Debian mirror
// and the SHA-256 in Debian's own index. Debian 11 is the newest whose C++ runtime and startup code fit glibc 2.34.
type lock struct {
	Go        string `json:"go"`
	Toolchain pins   `json:"toolchain"` // compilers, C library and C++ runtime
	Emulator  pins   `json:"emulator"`  // for tests alone; nothing of it is in a zip
}

type pins map[string]string

func readLock(data []byte) (lock, error) {
	var l lock
	if err := json.Unmarshal(data, &l); err != nil {
		return lock{}, fmt.Errorf("package.lock.json: %w", err)
	}
	var wrong []error
	if !strings.HasPrefix(l.Go, "go1.") {
		wrong = append(wrong, fmt.Errorf("package.lock.json: go is %q; it must be a release such as go1.26.8", l.Go))
	}
	for _, set := range []pins{l.Toolchain, l.Emulator} {
		if len(set) == 0 {
			wrong = append(wrong, errors.New("package.lock.json: toolchain and emulator must both name packages"))
		}
		for name, sum := range set {
			if digest, err := hex.DecodeString(sum); err != nil || len(digest) != sha256.Size {
				wrong = append(wrong, fmt.Errorf("package.lock.json: %s: %q is not a SHA-256", name, sum))
			}
			if !strings.HasPrefix(name, "pool/") || !strings.HasSuffix(name, ".deb") || path.Clean(name) != name {
				wrong = append(wrong, fmt.Errorf("package.lock.json: %q is not a path of a package below a Debian mirror", name))
			}
		}
	}
	return l, errors.Join(wrong...)
}

// names are sorted, so that every run does the same in the same order.
func (p pins) names() []string { return slices.Sorted(maps.Keys(p)) }

// id is short and other for other pins.
func (p pins) id() string {
	hash := sha256.New()
	for _, name := range p.names() {
		_, _ = fmt.Fprintln(hash, name, p[name])
	}
	return hex.EncodeToString(hash.Sum(nil))[:12]
}
