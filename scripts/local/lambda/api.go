package lambda

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxResponse is how large an answer may be: 6 MB, as on Lambda.
const maxResponse = 6 << 20

// maxError bounds what is read of an error report; Lambda keeps 256 KB of it.
const maxError = 256 << 10

// routes is the Runtime API, and of the Extensions API what a runtime needs to be sent SIGTERM.
// See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
func (s *sandbox) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", s.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", s.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", s.invocationError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", s.initError)
	mux.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", NewID())
		reply(w, http.StatusOK, map[string]string{
			"functionName": s.lambda.function.Name, "functionVersion": latest, "handler": "bootstrap",
		})
	})
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	return mux
}

func (s *sandbox) next(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	busy := s.current != nil
	s.mu.Unlock()
	if busy {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the last invocation has no response yet")
		return
	}
	select {
	case s.waiting <- struct{}{}:
	default: // it asked again without having got one
	}
	select {
	case d := <-s.deliveries:
		s.mu.Lock()
		s.current = d
		s.mu.Unlock()
		s.hand(w, d)
	case <-r.Context().Done():
	}
}

// hand writes an invocation as the Runtime API does.
func (s *sandbox) hand(w http.ResponseWriter, d *delivery) {
	s.lambda.function.Observer.Started(d.Invocation)
	f := s.lambda.function
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", d.ID)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(f.Timeout).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", s.lambda.ARN())
	header.Set("Lambda-Runtime-Trace-Id", newTraceID())
	_, _ = w.Write(d.Payload) // a process that cannot be written to is gone, which is noticed elsewhere
}

// newTraceID makes an X-Ray trace header.
func newTraceID() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", time.Now().Unix(), b[:12], b[12:])
}

func (s *sandbox) response(w http.ResponseWriter, r *http.Request) {
	d := s.claim(w, r)
	if d == nil {
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxResponse))
	s.output.flush()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		failure := &Error{Type: ResponseTooLarge, Message: fmt.Sprintf(
			"Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse)}
		d.answer(nil, failure)
		refuse(w, http.StatusRequestEntityTooLarge, failure.Type, failure.Message)
		return
	case err != nil:
		d.answer(nil, &Error{Type: ExitError, Message: "reading the response: " + err.Error()})
		return
	case r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != "":
		body, _ := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body"))
		d.answer(nil, newError(r.Trailer.Get("Lambda-Runtime-Function-Error-Type"), body))
	default:
		d.answer(payload, nil)
	}
	reply(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func (s *sandbox) invocationError(w http.ResponseWriter, r *http.Request) {
	d := s.claim(w, r)
	if d == nil {
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxError))
	s.output.flush()
	d.answer(nil, newError(r.Header.Get("Lambda-Runtime-Function-Error-Type"), body))
	reply(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func (s *sandbox) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxError))
	s.mu.Lock()
	s.initErr = newError(r.Header.Get("Lambda-Runtime-Function-Error-Type"), body)
	s.mu.Unlock()
	reply(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

// claim returns the invocation that the request answers, once, or refuses the request.
func (s *sandbox) claim(w http.ResponseWriter, r *http.Request) *delivery {
	s.mu.Lock()
	d := s.current
	if d != nil && d.ID == r.PathValue("id") {
		s.current = nil
		s.mu.Unlock()
		return d
	}
	s.mu.Unlock()
	refuse(w, http.StatusBadRequest, "InvalidRequestID", "no such invocation waits for an answer")
	return nil
}

// newError reads an error report; header is the error's type for runtimes that send it there.
func newError(header string, body []byte) *Error {
	var report struct {
		Message string `json:"errorMessage"`
		Type    string `json:"errorType"`
	}
	if json.Unmarshal(body, &report) != nil {
		report.Message = string(body)
	}
	if report.Type == "" {
		report.Type = header
	}
	if report.Type == "" {
		report.Type = "Runtime.Unknown"
	}
	return &Error{Type: report.Type, Message: report.Message, Payload: body}
}

func reply(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoded, err := json.Marshal(body)
	if err == nil {
		_, _ = w.Write(encoded) // a process that cannot be written to is gone, which is noticed elsewhere
	}
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	reply(w, status, map[string]string{"errorType": kind, "errorMessage": message})
}
