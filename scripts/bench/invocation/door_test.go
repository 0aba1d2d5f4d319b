package invocation_test

import (
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/bench/invocation"
)

func TestDoorCountsAndPassesOn(t *testing.T) {
	var hosts []string
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		hosts = append(hosts, r.Host)
		got = append(got, r.Method+" "+r.RequestURI+" "+string(body)+" "+r.Header.Get("Accept-Encoding"))
		if strings.HasSuffix(r.URL.Path, "taken") {
			w.WriteHeader(http.StatusPreconditionFailed)
		}
	}))
	defer server.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url, noted, shut := invocation.OpenDoor(listener, server.Listener.Addr().String(), "photos")
	defer shut()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, r := range [][3]string{
		{"PUT", "/photos/resized/small/a%20b.jpg", "bytes"}, {"PUT", "/photos/resized/small/taken", "bytes"},
		{"GET", "/photos/originals/cat.jpg", ""}, {"GET", "/photos?list-type=2&prefix=originals%2F", ""},
		{"HEAD", "/photos/originals/cat.jpg", ""}, {"DELETE", "/photos/x", ""}, {"POST", "/photos?delete=", "<Delete/>"},
	} {
		request, err := http.NewRequest(r[0], url+r[1], strings.NewReader(r[2]))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	requests, stored := noted()
	if diff := cmp.Diff(map[string]int{"PUT": 2, "GET": 1, "LIST": 1, "HEAD": 1, "DELETE": 2}, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"resized/small/a b.jpg"}, slices.Collect(maps.Keys(stored))); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	want := []string{
		"PUT /photos/resized/small/a%20b.jpg bytes ", "PUT /photos/resized/small/taken bytes ", "GET /photos/originals/cat.jpg  ",
		"GET /photos?list-type=2&prefix=originals%2F  ", "HEAD /photos/originals/cat.jpg  ", "DELETE /photos/x  ",
		"POST /photos?delete= <Delete/> ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the server got (-want +got):\n%s", diff)
	}
	for _, host := range hosts {
		if host != listener.Addr().String() {
			t.Errorf("the server was asked for %s, which the client did not sign", host)
		}
	}
}

func TestLastLine(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"one line":   {"no such file", "no such file"},
		"libvips":    {"source: bad seek to 12\nheif: no decoder\n", "heif: no decoder"},
		"nothing":    {"", ""},
		"only space": {"\n \n", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := invocation.LastLine(test.text); got != test.want {
				t.Errorf("%q", got)
			}
		})
	}
}
