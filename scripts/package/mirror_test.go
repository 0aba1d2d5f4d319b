package main

import (
	"errors"
	"strings"
	"testing"
)

func TestAptSources(t *testing.T) {
	lists := map[string]string{
		"/etc/apt/mirrors/debian.list": "https://one.example/debian\n\nhttps://two.example/debian priority:2\n",
		"/etc/apt/apt-mirrors.txt":     "https://one.example/ubuntu\tpriority:1\n",
	}
	read := func(name string) ([]byte, error) {
		if list, ok := lists[name]; ok {
			return []byte(list), nil
		}
		return nil, errors.New("no such file")
	}
	tests := map[string]struct{ output, want string }{
		"Debian, and others": {
			"'http://mirror.example/debian/dists/bookworm/InRelease' mirror.example_debian_dists_bookworm_InRelease 0 \n" +
				"'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0 \n" +
				"'http://mirror.example/debian-security/dists/bookworm-security/InRelease' x 0 \n" +
				"'https://packages.example/apt/dists/stable/InRelease' x 0 \n",
			"http://mirror.example/debian",
		},
		"a folder above": {"'ftp://ftp.example/pub/linux/debian/dists/trixie/InRelease' x 0 \n", "ftp://ftp.example/pub/linux/debian"},
		"a disk":         {"'file:/srv/debian/dists/trixie/InRelease' x 0 \n", ""},
		"a mirror list":  {"'mirror+file:/etc/apt/mirrors/debian.list/dists/trixie/InRelease' x 0 \n", "https://one.example/debian https://two.example/debian"},
		"Ubuntu's list":  {"'mirror+file:/etc/apt/apt-mirrors.txt/dists/noble/InRelease' x 0 \n", ""},
		"a missing list": {"'mirror+file:/gone/dists/noble/InRelease' x 0 \n", ""},
		"Ubuntu":         {"'http://archive.example/ubuntu/dists/noble/InRelease' x 0 \n", ""},
		"nothing":        {"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(aptSources(test.output, read), " "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTemplateSources(t *testing.T) {
	const template = "Suite: {series}\nRepositoryType: deb\nBaseURI: https://mirror.example/debian/\n\nBaseURI: https://mirror.example/debian-security/\n\nBaseURI: https://mirror.example/debian/\n"
	if got := strings.Join(templateSources([]string{"http://a.example/debian"}, template), " "); got != "http://a.example/debian https://mirror.example/debian" {
		t.Errorf("got %s", got)
	}
}

func TestNamedMirror(t *testing.T) {
	got, err := mirrors(t.Context(), "https://mirror.example/debian/")
	if err != nil || len(got) != 1 || got[0] != "https://mirror.example/debian" {
		t.Errorf("got %v, %v", got, err)
	}
}
