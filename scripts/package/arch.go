package main

import "debug/elf"

// functions are the Lambda functions, by the name of their folder below functions/.
var functions = []string{"resize", "cleanup"}

// arch is one of Lambda's architectures.
type arch struct {
	name    string // Lambda's
	goarch  string
	triplet string // Debian's and gcc's
	machine elf.Machine
	loader  string // the program interpreter's path
}

var arches = []arch{
	{"arm64", "arm64", "aarch64-linux-gnu", elf.EM_AARCH64, "/lib/ld-linux-aarch64.so.1"},
	{"x86_64", "amd64", "x86_64-linux-gnu", elf.EM_X86_64, "/lib64/ld-linux-x86-64.so.2"},
}
