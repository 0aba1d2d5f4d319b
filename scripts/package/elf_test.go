package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fixture is a library that needs one symbol of one version of another library.
type fixture struct {
	name, soname                   string
	needs, version, symbol, define string
	flags                          string
}

func TestCheckELF(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the fixtures are ELF files, which the C compiler of " + runtime.GOOS + " does not make")
	}
	here, other := arches[0], arches[1]
	if runtime.GOARCH == other.goarch {
		here, other = other, here
	}
	const runpath = "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib"
	tests := map[string]struct {
		arch  arch
		files []fixture
		wrong string
	}{
		"what Lambda has":     {here, []fixture{{name: "lib/libx.so", needs: "libc.so.6", version: "GLIBC_2.34", symbol: "new_thing"}}, ""},
		"a point release":     {here, []fixture{{name: "lib/libx.so", needs: "libc.so.6", version: "GLIBC_2.3.4", symbol: "new_thing"}}, ""},
		"no versions":         {here, []fixture{{name: "lib/libx.so"}}, ""},
		"too new":             {here, []fixture{{name: "lib/libx.so", needs: "libc.so.6", version: "GLIBC_2.38", symbol: "new_thing"}}, "lib/libx.so: needs GLIBC_2.38 of libc.so.6 for new_thing; Lambda's provided.al2023 has GLIBC_2.34"},
		"bootstrap too new":   {here, []fixture{{name: "bootstrap", needs: "libm.so.6", version: "GLIBC_2.35", symbol: "new_thing", flags: runpath}}, "bootstrap: needs GLIBC_2.35 of libm.so.6 for new_thing"},
		"glibc's own":         {here, []fixture{{name: "lib/libx.so", needs: "libc.so.6", version: "GLIBC_PRIVATE", symbol: "secret"}}, "needs GLIBC_PRIVATE of libc.so.6 for secret"},
		"an ABI":              {here, []fixture{{name: "lib/libx.so", needs: "libc.so.6", version: "GLIBC_ABI_DT_RELR", symbol: "secret"}}, "GLIBC_ABI_DT_RELR"},
		"an unknown library":  {here, []fixture{{name: "lib/libx.so", needs: "libjpeg.so.62", version: "LIBJPEG_6.2", symbol: "decode"}}, "lib/libx.so: needs libjpeg.so.62, which is neither in the zip nor part of glibc"},
		"another's name":      {here, []fixture{{name: "lib/libx.so", soname: "liby.so.1"}}, "lib/libx.so: the loader would look for it as [liby.so.1]"},
		"another machine":     {other, []fixture{{name: "lib/libx.so"}}, "lib/libx.so: is for EM_"},
		"no path to lib":      {here, []fixture{{name: "bootstrap"}}, "bootstrap: it would not look for libraries in the lib folder"},
		"no interpreter":      {here, []fixture{{name: "bootstrap", flags: runpath}}, "its program interpreter is"},
		"the C++ runtime has": {here, []fixture{{name: "lib/libx.so", needs: "libstdc++.so.6", version: "GLIBCXX_3.4.28", symbol: "thing"}, {name: "lib/libstdc++.so.6", define: "GLIBCXX_3.4.28"}}, ""},
		"the C++ runtime has not": {
			here,
			[]fixture{{name: "lib/libx.so", needs: "libstdc++.so.6", version: "GLIBCXX_3.4.30", symbol: "thing"}, {name: "lib/libstdc++.so.6", define: "GLIBCXX_3.4.28"}},
			"lib/libx.so: needs GLIBCXX_3.4.30 of libstdc++.so.6 for thing, and the one in the zip has no such version",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var files []file
			for _, f := range test.files {
				files = append(files, file{f.name, 0o755, f.compile(t)})
			}
			_, err := checkELF(files, test.arch)
			expect(t, err, test.wrong)
		})
	}
}

// compile makes the library, and before it one under the name of what it needs, that has the symbol in that version.
func (f fixture) compile(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	link := func(out, source, version, symbol string, args ...string) {
		args = append([]string{"-shared", "-fPIC", "-nostdlib", "-o", out}, args...)
		if version != "" {
			script := filepath.Join(dir, "versions")
			put(t, script, fmt.Sprintf("%s { %s; };\n", version, symbol))
			args = append(args, "-Wl,--version-script="+script)
		}
		c := filepath.Join(dir, "source.c")
		put(t, c, source)
		if output, err := exec.Command(envOr("CC", "cc"), append(args, c)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	out, soname := filepath.Join(dir, "library"), f.soname
	if soname == "" {
		soname = filepath.Base(f.name)
	}
	args := append([]string{"-Wl,-soname," + soname}, strings.Fields(f.flags)...)
	source := "int unused;\n"
	if f.needs != "" {
		needed := filepath.Join(dir, f.needs)
		link(needed, "int "+f.symbol+"(void) { return 1; }\n", f.version, f.symbol, "-Wl,-soname,"+f.needs)
		source = "int " + f.symbol + "(void);\nint use(void) { return " + f.symbol + "(); }\n"
		args = append(args, "-Wl,--no-as-needed", needed)
	}
	define := ""
	if f.define != "" {
		source, define = "int thing(void) { return 1; }\n", "thing"
	}
	// The source comes last on the command line; the library that it needs is linked whole all the same.
	link(out, source, f.define, define, args...)
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestParseVersion(t *testing.T) {
	tests := map[string]struct {
		want version
		ok   bool
	}{
		"GLIBC_2.34": {version{2, 34}, true}, "GLIBC_2.3.4": {version{2, 3}, true}, "GLIBC_PRIVATE": {version{}, false},
		"GLIBC_ABI_DT_RELR": {version{}, false}, "GLIBCXX_3.4": {version{}, false}, "GLIBC_2.x": {version{2, 0}, false},
	}
	for name, test := range tests {
		if got, ok := parseVersion(name); got != test.want || ok != test.ok {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
	if !(version{2, 9}).less(version{2, 34}) || (version{2, 34}).less(version{2, 34}) || (version{3, 0}).less(version{2, 34}) {
		t.Error("versions are numbers, not text")
	}
}
