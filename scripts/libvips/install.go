package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed libvips.lock.json
var lockJSON []byte

// lock pins what is fetched: npm package name to the integrity that npm's registry publishes for it, in the form of
// https://www.w3.org/TR/SRI/ (algorithm, hyphen, base64).
type lock struct {
	Libvips  string            `json:"libvips"`
	Version  string            `json:"version"`
	Packages map[string]string `json:"packages"`
}

// install makes the folder for one platform and returns its absolute path. A folder is complete when its stamp says
// what the lock says; anything else is built anew beside it and moved into place, so that a run that was interrupted
// leaves nothing half-written.
func install(ctx context.Context, cache, system, cpu, cc, ar string) (string, error) {
	var pinned lock
	if err := json.Unmarshal(lockJSON, &pinned); err != nil {
		return "", fmt.Errorf("libvips.lock.json: %w", err)
	}
	platform, err := platformOf(system, cpu)
	if err != nil {
		return "", err
	}
	cache, err = filepath.Abs(cache)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, pinned.Libvips+"-"+platform)
	stampFile, stamp := filepath.Join(dir, "stamp"), stampOf(pinned, platform, dir)
	if have, err := os.ReadFile(stampFile); err == nil && string(have) == stamp {
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	temporary, err := os.MkdirTemp(cache, "."+platform+"-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	for _, name := range []string{"@img/sharp-libvips-dev", "@img/sharp-libvips-" + platform} {
		if err := fetch(ctx, temporary, name, pinned.Version, pinned.Packages[name]); err != nil {
			return "", err
		}
	}
	if err := standIns(ctx, temporary, cc, ar); err != nil {
		return "", err
	}
	if err := linkable(temporary, system, pinned.Libvips); err != nil {
		return "", err
	}
	if err := pkgConfig(temporary, dir, system, pinned.Libvips); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(temporary, "stamp"), []byte(stamp), 0o644); err != nil {
		return "", err
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.Rename(temporary, dir); err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// stampOf names everything that decides a folder's content: the pins, the recipe in this program, and the folder
// itself, whose path stands in the pkg-config file.
func stampOf(pinned lock, platform, dir string) string {
	return strings.Join([]string{
		"recipe 1", dir, pinned.Version,
		pinned.Packages["@img/sharp-libvips-dev"], pinned.Packages["@img/sharp-libvips-"+platform], "",
	}, "\n")
}

// platformOf gives npm's name of a platform that the prebuilt libvips supports here.
func platformOf(system, cpu string) (string, error) {
	arch, ok := map[string]string{"amd64": "x64", "arm64": "arm64"}[cpu]
	if !ok || (system != "linux" && system != "darwin") {
		return "", fmt.Errorf("%s/%s is not supported: the prebuilt libvips is for Linux (glibc) and macOS on x86-64 and arm64; "+
			"elsewhere install libvips 8.14 or later and use `make LIBVIPS=system`", system, cpu)
	}
	if musl, _ := filepath.Glob("/lib/ld-musl-*"); system == "linux" && len(musl) > 0 && !hasGlibc() {
		return "", fmt.Errorf("musl (%s) is not supported: Lambda's provided.al2023 is glibc; "+
			"use a glibc distribution, or install libvips 8.14 or later and use `make LIBVIPS=system`", musl[0])
	}
	return system + "-" + arch, nil
}

func hasGlibc() bool {
	loaders, _ := filepath.Glob("/lib*/ld-linux-*")
	return len(loaders) > 0
}
