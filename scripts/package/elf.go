package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// maxGLIBC is the C library of Lambda's provided.al2023.
var maxGLIBC = version{2, 34}

// glibc is what provided.al2023 has of the C library, beside its loader.
var glibc = []string{
	"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
}

// object is an ELF file of a zip.
type object struct {
	*elf.File
	name     string
	defines  map[string]bool // the versions that its symbols have
	needs    []elf.DynamicVersionNeed
	symbols  []elf.Symbol
	required []string // libraries, by their sonames
}

// checkELF refuses a zip that provided.al2023 could not load, with everything that is in the way: each file, symbol and
// version. It returns the newest glibc version that each file needs.
func checkELF(files []file, a arch) (map[string]version, error) {
	var wrong []error
	objects := map[string]object{}
	for _, f := range files {
		if !bytes.HasPrefix(f.data, []byte(elf.ELFMAG)) {
			continue
		}
		o, err := readObject(f)
		if err != nil {
			return nil, err
		}
		objects[path.Base(f.name)] = o
		wrong = append(wrong, o.fits(a))
	}
	needs := map[string]version{}
	for _, key := range slices.Sorted(maps.Keys(objects)) {
		o := objects[key]
		newest, err := o.resolve(objects, a)
		needs[o.name] = newest
		wrong = append(wrong, err)
	}
	return needs, errors.Join(wrong...)
}

func readObject(f file) (object, error) {
	parsed, err := elf.NewFile(bytes.NewReader(f.data))
	if err != nil {
		return object{}, fmt.Errorf("%s: %w", f.name, err)
	}
	o := object{File: parsed, name: f.name, defines: map[string]bool{}}
	var read [4]error
	o.required, read[0] = parsed.ImportedLibraries()
	o.symbols, read[1] = parsed.DynamicSymbols()
	o.needs, read[2] = parsed.DynamicVersionNeeds()
	defined, err := parsed.DynamicVersions()
	read[3] = err
	for _, err := range read {
		if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
			return object{}, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for _, version := range defined {
		o.defines[version.Name] = true
	}
	return o, nil
}

// fits checks what Lambda and the other files expect of one file by itself.
func (o object) fits(a arch) error {
	if o.Machine != a.machine || o.Class != elf.ELFCLASS64 {
		return fmt.Errorf("%s: is for %s, and the zip for %s", o.name, o.Machine, a.name)
	}
	if strings.HasPrefix(o.name, "lib/") {
		if soname, err := o.DynString(elf.DT_SONAME); err != nil || len(soname) != 1 || soname[0] != path.Base(o.name) {
			return fmt.Errorf("%s: the loader would look for it as %v", o.name, soname)
		}
		return nil
	}
	var wrong []error
	if paths, err := o.DynString(elf.DT_RUNPATH); err != nil || !slices.Contains(paths, "$ORIGIN/lib") {
		wrong = append(wrong, fmt.Errorf("%s: it would not look for libraries in the lib folder beside it, but in %v", o.name, paths))
	}
	if interpreter := o.interpreter(); interpreter != a.loader {
		wrong = append(wrong, fmt.Errorf("%s: its program interpreter is %q; on Lambda it is %s", o.name, interpreter, a.loader))
	}
	return errors.Join(wrong...)
}

func (o object) interpreter() string {
	for _, segment := range o.Progs {
		if segment.Type == elf.PT_INTERP {
			text := make([]byte, segment.Filesz)
			if _, err := segment.ReadAt(text, 0); err == nil {
				return strings.TrimRight(string(text), "\x00")
			}
		}
	}
	return ""
}

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
