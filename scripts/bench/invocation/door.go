package invocation

import (
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// door is what stands before the S3 server and counts who comes through. Both contestants pay for it alike.
type door struct {
	URL string // what the functions take as the endpoint of S3

	server *http.Server
	bucket string // as the paths begin: "/photos/"

	mu       sync.Mutex
	requests map[string]int       // by operation
	stored   map[string]time.Time // when the PUT of a key was answered
}

// openDoor listens on a free port of 127.0.0.1 for the server at the address.
func openDoor(listener net.Listener, address, bucket string) *door {
	d := &door{URL: "http://" + listener.Addr().String(), bucket: "/" + bucket + "/"}
	d.forget()
	d.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: address})
			r.Out.Host = r.In.Host // which the client has signed
		},
		ModifyResponse: d.note,
		// Otherwise it would ask for gzip where the client does not.
		Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: maxIdle},
	}}
	go func() { _ = d.server.Serve(listener) }()
	return d
}

// maxIdle is how many connections to the server are kept.
const maxIdle = 64

// note takes down an answered request.
func (d *door) note(response *http.Response) error {
	now, request := time.Now(), response.Request
	key := strings.TrimPrefix(request.URL.Path, d.bucket)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests[operation(request)]++
	if request.Method == http.MethodPut && response.StatusCode == http.StatusOK {
		d.stored[key] = now
	}
	return nil
}

// operation is the kind of a request, as S3's price list tells them apart.
func operation(request *http.Request) string {
	query := request.URL.Query()
	switch {
	case request.Method == http.MethodPost && query.Has("delete"):
		return http.MethodDelete
	case request.Method == http.MethodGet && query.Has("list-type"):
		return "LIST"
	default:
		return request.Method
	}
}

// forget begins anew.
func (d *door) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests, d.stored = map[string]int{}, map[string]time.Time{}
}

// noted is what came through since forget.
func (d *door) noted() (requests map[string]int, stored map[string]time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.requests), maps.Clone(d.stored)
}

func (d *door) close() error { return d.server.Close() }
