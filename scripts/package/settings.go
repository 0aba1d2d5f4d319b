package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// What compiles: the pinned packages of Debian 11, or what is installed.
const (
	debian = "debian"
	system = "system"
)

// settings are the command line. Paths are absolute.
type settings struct {
	root, out, presets, cache string
	mirror, toolchain         string
	arches                    []arch
	emulator                  bool
}

func readSettings(args []string, messages io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("package", flag.ContinueOnError)
	flags.SetOutput(messages)
	name := flags.String("arch", "all", "`architecture`: arm64, x86_64 or all")
	flags.StringVar(&s.root, "root", ".", "the project's `folder`")
	flags.StringVar(&s.out, "out", filepath.Join(".build", "package"), "`folder` for the zips")
	flags.StringVar(&s.presets, "presets", "presets.yaml", "the sizes to make, `file`")
	flags.StringVar(&s.cache, "cache", filepath.Join(".cache", "package"), "`folder` to keep the compiler in")
	flags.StringVar(&s.mirror, "mirror", os.Getenv("DEBIAN_MIRROR"), "`URL` of a Debian mirror; default: the ones that apt uses")
	flags.StringVar(&s.toolchain, "toolchain", debian, "what compiles: debian, the pinned one, or system, what is installed")
	flags.BoolVar(&s.emulator, "emulator", false, "print the command that runs arm64's programs on x86-64, and build nothing")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	var wrong []error
	if flags.NArg() > 0 {
		wrong = append(wrong, fmt.Errorf("%q is no flag; -help lists them", flags.Arg(0)))
	}
	if s.toolchain != debian && s.toolchain != system {
		wrong = append(wrong, fmt.Errorf("-toolchain is %q; it must be debian or system", s.toolchain))
	}
	for _, a := range arches {
		if *name == a.name || *name == "all" {
			s.arches = append(s.arches, a)
		}
	}
	if len(s.arches) == 0 {
		wrong = append(wrong, fmt.Errorf("-arch is %q; it must be arm64, x86_64 or all", *name))
	}
	for _, path := range []*string{&s.root, &s.out, &s.presets, &s.cache} {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return settings{}, err
		}
		*path = absolute
	}
	return s, errors.Join(wrong...)
}
