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
	if parsed.SectionByType(elf.SHT_DYNAMIC) == nil {
		return object{}, fmt.Errorf("%s: says nothing of the libraries that it needs: it is linked statically, or stripped too far", f.name)
	}
	var read [4]error
	o.required, read[0] = parsed.ImportedLibraries()
	if o.symbols, read[1] = parsed.DynamicSymbols(); errors.Is(read[1], elf.ErrNoSymbols) {
		read[1] = nil
	}
	if parsed.SectionByType(elf.SHT_GNU_VERNEED) != nil {
		o.needs, read[2] = parsed.DynamicVersionNeeds()
	}
	if parsed.SectionByType(elf.SHT_GNU_VERDEF) != nil {
		var defined []elf.DynamicVersion
		defined, read[3] = parsed.DynamicVersions()
		for _, version := range defined {
			o.defines[version.Name] = true
		}
	}
	if err := errors.Join(read[:]...); err != nil {
		return object{}, fmt.Errorf("%s: %w", f.name, err)
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
