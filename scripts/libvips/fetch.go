package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fetch has npm download one package, checks its bytes against the pinned integrity, and unpacks its lib and include
// folders into dir.
func fetch(ctx context.Context, dir, name, version, integrity string) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("npm is not installed; libvips is fetched with it: install Node.js (Debian: apt-get install npm, macOS: brew install node)")
	}
	var stdout, stderr bytes.Buffer
	pack := exec.CommandContext(ctx, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", dir, name+"@"+version)
	pack.Stdout, pack.Stderr = &stdout, &stderr
	if err := pack.Run(); err != nil {
		return fmt.Errorf("npm pack %s@%s: %w\n%s", name, version, err, strings.TrimSpace(stderr.String()))
	}
	file, err := packedFile(stdout.Bytes())
	if err != nil {
		return fmt.Errorf("npm pack %s@%s: %w", name, version, err)
	}
	archive := filepath.Join(dir, filepath.Base(file))
	data, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	if err := os.Remove(archive); err != nil {
		return err
	}
	if err := verify(data, integrity); err != nil {
		return fmt.Errorf("%s@%s: %w", name, version, err)
	}
	if err := unpack(data, dir); err != nil {
		return fmt.Errorf("%s@%s: %w", name, version, err)
	}
	return nil
}

// packedFile reads the name of the archive from `npm pack --json`: a list up to npm 11, an object by package later.
func packedFile(output []byte) (string, error) {
	type packed struct {
		Filename string `json:"filename"`
	}
	var list []packed
	if err := json.Unmarshal(output, &list); err != nil {
		var byName map[string]packed
		if err := json.Unmarshal(output, &byName); err != nil {
			return "", fmt.Errorf("npm printed %q, not JSON: %w", output, err)
		}
		for _, one := range byName {
			list = append(list, one)
		}
	}
	if len(list) != 1 || list[0].Filename == "" {
		return "", fmt.Errorf("npm printed %q, not one file name", output)
	}
	return list[0].Filename, nil
}

// verify compares the SHA-512 of data with a Subresource Integrity string.
func verify(data []byte, integrity string) error {
	sum := sha512.Sum512(data)
	got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
	if got != integrity {
		return fmt.Errorf("integrity mismatch, nothing was installed:\n  pinned  %s\n  fetched %s", integrity, got)
	}
	return nil
}

// unpack writes the lib and include folders of an npm archive below dir, and nothing outside them.
func unpack(archive []byte, dir string) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	entries := tar.NewReader(unzipped)
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(entry.Name, "package/")
		wanted := strings.HasPrefix(name, "lib/") || strings.HasPrefix(name, "include/") || name == "versions.json"
		if entry.Typeflag != tar.TypeReg || !wanted || !filepath.IsLocal(name) {
			continue
		}
		target := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		content, err := io.ReadAll(entries)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
}
