package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// aptHelper is a part of apt on every Debian and Ubuntu: it downloads as apt does, through the same proxies.
const aptHelper = "/usr/lib/apt/apt-helper"

// fetch downloads the pinned packages into dir from the first mirror that has them all as they are pinned.
func fetch(ctx context.Context, dir string, pinned pins, named string, messages io.Writer) error {
	for _, tool := range []string{aptHelper, "apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not on this machine: the pinned compiler is fetched by apt, on Debian or Ubuntu; "+
				"elsewhere build with scripts/package/Dockerfile", tool)
		}
	}
	places, err := mirrors(ctx, named)
	if err != nil {
		return err
	}
	var failures []error
	for _, place := range places {
		_, _ = fmt.Fprintf(messages, "Fetching pinned packages of Debian 11 (%d) from %s, once...\n", len(pinned), place)
		err := fetchFrom(ctx, dir, pinned, place)
		if err == nil {
			return nil
		}
		failures = append(failures, err)
	}
	return fmt.Errorf("%w\nIf a mirror no longer has Debian 11, name one that has: make package DEBIAN_MIRROR=https://HOST/debian",
		errors.Join(failures...))
}

func fetchFrom(ctx context.Context, dir string, pinned pins, place string) error {
	args := []string{"download-file"}
	for _, name := range pinned.names() {
		args = append(args, place+"/"+escape(name), filepath.Join(dir, path.Base(name)), "SHA256:"+pinned[name])
	}
	var output bytes.Buffer
	helper := exec.CommandContext(ctx, aptHelper, args...)
	helper.Stdout, helper.Stderr = io.Discard, &output
	if err := helper.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", place, err, complaints(output.String()))
	}
	for _, name := range pinned.names() {
		if err := verify(filepath.Join(dir, path.Base(name)), pinned[name]); err != nil {
			return fmt.Errorf("%s: %w", place, err)
		}
	}
	return nil
}

// complaints are the first of apt's errors, without its warnings: a mirror that is not there is one for each package.
func complaints(output string) string {
	var first []string
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "W:") && len(first) < 4 {
			first = append(first, "  "+strings.TrimSpace(line))
		}
	}
	return strings.Join(first, "\n")
}

// escape writes a package's path as apt does in URIs.
func escape(name string) string {
	var escaped []byte
	for _, c := range []byte(name) {
		if c == '+' || c == '~' || c == ':' || c == '%' {
			escaped = fmt.Appendf(escaped, "%%%02x", c)
			continue
		}
		escaped = append(escaped, c)
	}
	return string(escaped)
}

// verify compares a file's SHA-256 with the pinned one.
func verify(file, pinned string) error {
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, content); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != pinned {
		return fmt.Errorf("%s: checksum mismatch, nothing was installed:\n  pinned  %s\n  fetched %s", filepath.Base(file), pinned, got)
	}
	return nil
}
