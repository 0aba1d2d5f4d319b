package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// moduleLicences finds the licences of the Go packages that are linked in: in their folders and those above, up to their
// modules'. It maps the name that each has in the zip to the file.
func moduleLicences(ctx context.Context, s settings, t toolchain, name, libvips string) (map[string]string, error) {
	const format = "{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"
	output, err := t.goCommand(ctx, s, t.target(libvips), "list", "-deps", "-tags", tags, "-f", format, "./functions/"+name)
	if err != nil {
		return nil, err
	}
	found, covered := map[string]string{}, map[string]bool{}
	for line := range strings.Lines(output) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 {
			continue
		}
		module, root, dir := fields[0], fields[1], fields[2]
		covered[module] = covered[module] || false
		for ; strings.HasPrefix(dir, root); dir = filepath.Dir(dir) {
			for _, path := range licenceFiles(dir) {
				below, err := filepath.Rel(root, path)
				if err != nil {
					return nil, err
				}
				found[module+"/"+filepath.ToSlash(below)] = path
				covered[module] = true
			}
		}
	}
	for _, module := range slices.Sorted(maps.Keys(covered)) {
		if !covered[module] {
			return nil, fmt.Errorf("%s is linked in and has no file that says under which licence", module)
		}
	}
	return found, nil
}

// licenceFiles lists a folder's own.
func licenceFiles(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, entry := range entries {
		name := strings.ToUpper(entry.Name())
		for _, prefix := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS", "COPYRIGHT"} {
			if entry.Type().IsRegular() && strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, ".GO") {
				found = append(found, filepath.Join(dir, entry.Name()))
				break
			}
		}
	}
	return found
}
