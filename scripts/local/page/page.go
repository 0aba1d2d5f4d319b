package page

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
)

//go:embed static
var static embed.FS

// About is what the page says of its surroundings.
type About struct {
	Bucket    string   `json:"bucket"`
	Originals string   `json:"originals"` // prefix
	Presets   []Preset `json:"presets"`
	S3        string   `json:"s3"`      // endpoint
	CDN       string   `json:"cdn"`     // base URL of the variants
	API       string   `json:"api"`     // endpoint of Lambda, CloudFront and EventBridge
	Command   string   `json:"command"` // that uploads a file with another S3 client
}

// Preset is one preset in a few words.
type Preset struct {
	Name string `json:"name"`
	Text string `json:"text"` // "368 wide", "150 × 150 webp"
}

// Sources are what the page shows and whom it hands uploads to.
type Sources struct {
	About       About
	Gallery     *gallery.Gallery
	Counters    func() lambda.Counters
	DeadLetters func() []lambda.DeadLetter
	// Upload stores an original and gives the name that it got; both names are relative to the originals prefix. What is
	// wrong with the name is a *NameError.
	Upload func(ctx context.Context, name, contentType string, body io.ReadSeeker) (string, error)
	// Remove deletes an original by its key. A key that is none of an original's is a *NameError.
	Remove func(ctx context.Context, key string) error
}

// NameError says that an original cannot have a name.
type NameError struct {
	Name string
	Why  string
}

func (e *NameError) Error() string { return "the name " + e.Name + " cannot be used: " + e.Why }

// Handler serves the page.
func Handler(sources Sources) http.Handler {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	s := &server{sources}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /about", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, sources.About) })
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("GET /dead-letters", s.deadLetters)
	mux.HandleFunc("PUT /originals/{name...}", s.upload)
	mux.HandleFunc("DELETE /originals/{name...}", s.remove)
	return guard(mux, sources.About.CDN)
}

// guard refuses what another web site may have made the browser ask: requests under a name that only resolves to this
// machine (DNS rebinding), and writes from another origin.
func guard(next http.Handler, cdn string) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' " + cdn + "; img-src 'self' " + cdn +
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isThisMachine(r.Host) {
			answer(w, http.StatusForbidden, problem{"open this page as http://127.0.0.1 or http://localhost"})
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func isThisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	switch strings.ToLower(host) {
	case "127.0.0.1", "localhost", "::1", "[::1]":
		return true
	}
	return false
}

type server struct{ Sources }

type problem struct {
	Error string `json:"error"`
}

func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	file, err := spool(r.Body)
	if err != nil {
		answer(w, http.StatusBadRequest, problem{"the upload was cut short: " + err.Error()})
		return
	}
	defer file.remove()
	name := r.PathValue("name")
	stored, err := s.Upload(r.Context(), name, r.Header.Get("Content-Type"), file)
	if err != nil {
		answerError(w, err)
		return
	}
	answer(w, http.StatusCreated, map[string]string{"key": s.About.Originals + stored})
}

// remove deletes an original; its variants follow by the event.
func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	if err := s.Remove(r.Context(), s.About.Originals+r.PathValue("name")); err != nil {
		answerError(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func answerError(w http.ResponseWriter, err error) {
	status := http.StatusBadGateway
	if _, ok := errors.AsType[*NameError](err); ok {
		status = http.StatusBadRequest
	}
	answer(w, status, problem{err.Error()})
}

// letter is a dead letter as the page shows it.
type letter struct {
	ID       string    `json:"id"`
	Time     time.Time `json:"time"`
	Attempts int       `json:"attempts"`
	Error    string    `json:"error"`
	Event    string    `json:"event"`
}

func (s *server) deadLetters(w http.ResponseWriter, _ *http.Request) {
	letters := []letter{}
	for _, l := range s.DeadLetters() {
		letters = append(letters, letter{l.ID, l.Time, l.Attempts, l.Err.Error(), string(l.Payload)})
	}
	answer(w, http.StatusOK, letters)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	encoded, err := json.Marshal(body)
	if err != nil {
		status, encoded = http.StatusInternalServerError, []byte(`{}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // a client that cannot be written to is gone
}
