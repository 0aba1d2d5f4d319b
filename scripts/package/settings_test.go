package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	tests := map[string]struct{ args, arches, wrong string }{
		"none":                  {"", "arm64 x86_64", ""},
		"one architecture":      {"-arch arm64", "arm64", ""},
		"unknown architecture":  {"-arch amd64", "", `-arch is "amd64"; it must be arm64, x86_64 or all`},
		"unknown toolchain":     {"-toolchain zig", "arm64 x86_64", `-toolchain is "zig"; it must be debian or system`},
		"something else":        {"arm64", "arm64 x86_64", `"arm64" is no flag`},
		"everything is said":    {"-arch a -toolchain b", "", "-toolchain"},
		"a flag that is no one": {"-target arm64", "", "not defined: -target"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := readSettings(strings.Fields(test.args), io.Discard)
			expect(t, err, test.wrong)
			var names []string
			for _, a := range s.arches {
				names = append(names, a.name)
			}
			if got := strings.Join(names, " "); got != test.arches {
				t.Errorf("architectures %q, want %q", got, test.arches)
			}
		})
	}
}

// A wrong presets.yaml is refused before anything is fetched or built.
func TestWrongPresets(t *testing.T) {
	presets := filepath.Join(t.TempDir(), "presets.yaml")
	put(t, presets, "version: 1\noriginals: originals/\nresized: resized/\npresets: {small: {widht: 368}}\n")
	args := []string{"-presets", presets, "-cache", filepath.Join(t.TempDir(), "empty"), "-mirror", "http://127.0.0.1:1/debian"}
	expect(t, run(t.Context(), args, io.Discard, io.Discard), `did you mean "width"?`)
}
