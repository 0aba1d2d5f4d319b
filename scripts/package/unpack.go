package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// unpack writes what is wanted of a package below root.
func unpack(ctx context.Context, deb, root string, wanted func(string) bool) error {
	var complaints bytes.Buffer
	command := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	command.Stderr = &complaints
	content, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	unpacked := untar(content, root, wanted)
	_, _ = io.Copy(io.Discard, content)
	if err := errors.Join(unpacked, command.Wait()); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(deb), err, complaints.Bytes())
	}
	return nil
}

func untar(content io.Reader, root string, wanted func(string) bool) error {
	entries := tar.NewReader(content)
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := path.Clean(entry.Name)
		if entry.Typeflag == tar.TypeDir || !filepath.IsLocal(name) || !wanted(name) {
			continue
		}
		target := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.RemoveAll(target); err != nil {
			return err
		}
		if err := write(target, name, root, entry, entries); err != nil {
			return err
		}
	}
}

func write(target, name, root string, entry *tar.Header, content io.Reader) error {
	switch entry.Typeflag {
	case tar.TypeSymlink:
		return os.Symlink(inside(entry.Linkname, name), target)
	case tar.TypeLink:
		if linked := path.Clean(entry.Linkname); filepath.IsLocal(linked) {
			return os.Link(filepath.Join(root, linked), target)
		}
		return fmt.Errorf("%s links to %s, outside the package", name, entry.Linkname)
	case tar.TypeReg:
		data, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644|entry.FileInfo().Mode()&0o111)
	default:
		return fmt.Errorf("%s is neither a file nor a link", name)
	}
}

// inside makes an absolute link relative, so that it stays below the root wherever that is: libc6-dev's libpthread.so
// would be this machine's own otherwise.
func inside(link, name string) string {
	if !path.IsAbs(link) {
		return link
	}
	return strings.Repeat("../", strings.Count(name, "/")) + strings.TrimPrefix(path.Clean(link), "/")
}
