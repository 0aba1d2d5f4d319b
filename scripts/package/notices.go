package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
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
