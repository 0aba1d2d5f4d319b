package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// texts holds the notices of the libraries inside the prebuilt libvips, and licences that several of them share.
//
//go:embed licences
var texts embed.FS

// terms are what the libraries inside the prebuilt libvips are used under, by their names in its versions.json; from the
// package's own README. Where that is the LGPL, version 3 is by "any later version" of 2 or 2.1.
var terms = map[string]string{
	"aom": "BSD 2-Clause, Alliance for Open Media Patent License 1.0", "archive": "BSD 2-Clause", "cairo": "MPL 1.1",
	"cgif": "MIT", "exif": "LGPL 3", "expat": "MIT", "ffi": "MIT", "fontconfig": "fontconfig (BSD-like)",
	"freetype": "FreeType (BSD-like)", "fribidi": "LGPL 3", "glib": "LGPL 3", "harfbuzz": "MIT", "heif": "LGPL 3",
	"highway": "Apache 2.0 or BSD 3-Clause", "imagequant": "BSD 2-Clause", "lcms": "MIT", "mozjpeg": "IJG, BSD 3-Clause, zlib",
	"pango": "LGPL 3", "pixman": "MIT", "png": "libpng", "proxy-libintl": "LGPL 3", "rsvg": "LGPL 3", "tiff": "libtiff (BSD-like)",
	"uhdr": "MIT", "vips": "LGPL 3; its GIF decoder nsgif: MIT", "webp": "BSD 3-Clause", "xml2": "MIT", "zlib-ng": "zlib",
}

const about = `What this zip bundles, and under which terms. Presize itself: presize/LICENSE.

lib/libvips-cpp.so.*  libvips and the libraries below, prebuilt by https://github.com/lovell/sharp-libvips, whose scripts
                      name every source; libraries/ has their notices, texts/ what several share. It is loaded from lib/ and
                      may be replaced there by another build of the same interface, as the LGPL wants.
lib/libstdc++.so.6    of GCC: GPL 3 with the GCC Runtime Library Exception 3.1; texts/ and, from Debian, gcc/.
lib/libgcc_s.so.1     likewise
bootstrap             Go's runtime and library (texts/Go.txt) and the modules in go/, each with its own files. The HEIC decoder in
                      it contains libheif and libde265 as WebAssembly: LGPL 3; libraries/heif.txt, libraries/de265.txt.

This software is based in part on the work of the Independent JPEG Group. Portions of it are copyright The FreeType Project
(https://freetype.org). All rights reserved.

`

// licences gathers the licences of everything in a zip.
func licences(ctx context.Context, s settings, t toolchain, name, libvips string) ([]file, error) {
	versions, err := os.ReadFile(filepath.Join(libvips, "versions.json"))
	if err != nil {
		return nil, err
	}
	readme, err := overview(versions)
	if err != nil {
		return nil, err
	}
	files := []file{{"licences/README.txt", 0o644, readme}}
	add := func(name, path string) error {
		data, err := os.ReadFile(path)
		files = append(files, file{"licences/" + name, 0o644, data})
		return err
	}
	if err := add("presize/LICENSE", filepath.Join(s.root, "LICENSE")); err != nil {
		return nil, err
	}
	for _, notice := range t.notices {
		if err := add("gcc/"+filepath.Base(notice), notice); err != nil {
			return nil, err
		}
	}
	modules, err := moduleLicences(ctx, s, t, name, libvips)
	if err != nil {
		return nil, err
	}
	for _, target := range slices.Sorted(maps.Keys(modules)) {
		if err := add("go/"+target, modules[target]); err != nil {
			return nil, err
		}
	}
	err = fs.WalkDir(texts, "licences", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := texts.ReadFile(path)
		files = append(files, file{path, 0o644, data})
		return err
	})
	return files, err
}

// overview lists what is bundled. A library that has no terms here, as a newer libvips may bring, is an error.
func overview(versionsJSON []byte) ([]byte, error) {
	var versions map[string]string
	if err := json.Unmarshal(versionsJSON, &versions); err != nil {
		return nil, fmt.Errorf("versions.json of libvips: %w", err)
	}
	readme := bytes.NewBufferString(about)
	table := tabwriter.NewWriter(readme, 0, 0, 2, ' ', 0)
	for _, library := range slices.Sorted(maps.Keys(versions)) {
		if _, err := texts.Open(path.Join("licences", "libraries", library+".txt")); err != nil || terms[library] == "" {
			return nil, fmt.Errorf("libvips brings %s %s, whose licence is neither in scripts/package/licences/libraries nor in the terms of licences.go",
				library, versions[library])
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", library, versions[library], terms[library])
	}
	err := table.Flush()
	return readme.Bytes(), err
}

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
