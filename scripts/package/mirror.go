package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
)

const noMirror = `this machine's apt knows no Debian mirror. Name one from https://www.debian.org/mirror/list:
  make package DEBIAN_MIRROR=https://HOST/debian`

// mirrors lists where Debian's packages are looked for: the one that is named, or else those that this machine's apt
// uses, and what Ubuntu's software settings would use for Debian.
func mirrors(ctx context.Context, named string) ([]string, error) {
	if named != "" {
		return []string{strings.TrimSuffix(named, "/")}, nil
	}
	output, err := exec.CommandContext(ctx, "apt-get", "update", "--print-uris").Output()
	if err != nil {
		return nil, fmt.Errorf("apt-get update --print-uris: %w", err)
	}
	found := aptSources(string(output), os.ReadFile)
	if template, err := os.ReadFile("/usr/share/python-apt/templates/Debian.info"); err == nil {
		found = templateSources(found, string(template))
	}
	if len(found) == 0 {
		return nil, errors.New(noMirror)
	}
	return found, nil
}

// aptSources reads the Debian mirrors from the lines of `apt-get update --print-uris`, each of which begins with a quoted
// URI of an index. Lists of mirrors (mirror+file:) are read through.
func aptSources(output string, read func(string) ([]byte, error)) []string {
	var found []string
	for line := range strings.Lines(output) {
		base, _, ok := strings.Cut(strings.TrimPrefix(line, "'"), "/dists/")
		if !ok {
			continue
		}
		if list, ok := strings.CutPrefix(base, "mirror+file:"); ok {
			content, err := read("/" + strings.TrimLeft(list, "/"))
			if err != nil {
				continue
			}
			for entry := range strings.Lines(string(content)) {
				if fields := strings.Fields(entry); len(fields) > 0 {
					found = addDebian(found, fields[0])
				}
			}
			continue
		}
		found = addDebian(found, base)
	}
	return found
}

// templateSources adds the mirror that Ubuntu's software settings offer for Debian.
func templateSources(found []string, template string) []string {
	for line := range strings.Lines(template) {
		if base, ok := strings.CutPrefix(line, "BaseURI:"); ok {
			found = addDebian(found, strings.TrimSpace(base))
		}
	}
	return found
}

// addDebian adds a mirror once, if it is on the network and, by the custom of Debian's mirrors, its folder is called debian.
func addDebian(found []string, base string) []string {
	base = strings.TrimSuffix(base, "/")
	parsed, err := url.Parse(base)
	if err != nil || parsed.Host == "" || path.Base(parsed.Path) != "debian" || slices.Contains(found, base) {
		return found
	}
	return append(found, base)
}
