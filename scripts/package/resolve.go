package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// resolve looks for every library and symbol version that the file needs, in the zip and in glibc.
func (o object) resolve(bundled map[string]object, a arch) (newest version, problems error) {
	var wrong []error
	system := append(slices.Clone(glibc), path.Base(a.loader))
	for _, library := range o.required {
		if _, ok := bundled[library]; !ok && !slices.Contains(system, library) {
			wrong = append(wrong, fmt.Errorf("%s: needs %s, which is neither in the zip nor part of glibc", o.name, library))
		}
	}
	for _, need := range o.needs {
		for _, wanted := range need.Needs {
			if provider, ok := bundled[need.Name]; ok {
				if !provider.defines[wanted.Dep] {
					wrong = append(wrong, fmt.Errorf("%s: needs %s of %s for %s, and the one in the zip has no such version",
						o.name, wanted.Dep, need.Name, o.symbolsOf(wanted.Dep)))
				}
				continue
			}
			found, ok := parseVersion(wanted.Dep)
			if !ok || newest.less(found) {
				newest = found
			}
			if !ok || maxGLIBC.less(found) {
				wrong = append(wrong, fmt.Errorf("%s: needs %s of %s for %s; Lambda's provided.al2023 has GLIBC_%s",
					o.name, wanted.Dep, need.Name, o.symbolsOf(wanted.Dep), maxGLIBC))
			}
		}
	}
	return newest, errors.Join(wrong...)
}

// symbolsOf names what the file imports of a version.
func (o object) symbolsOf(version string) string {
	var names []string
	for _, symbol := range o.symbols {
		if symbol.Section == elf.SHN_UNDEF && symbol.Version == version {
			names = append(names, symbol.Name)
		}
	}
	if len(names) == 0 {
		return "itself"
	}
	return strings.Join(names, ", ")
}
