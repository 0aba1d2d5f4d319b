package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/presize/presize/scripts/local/lambda"
)

// tick is how often counters are sent when nothing else happens, and how long steps that follow each other closely are
// gathered.
const (
	tick   = time.Second
	gather = 40 * time.Millisecond
)

// counters are the page's numbers.
type counters struct {
	lambda.Counters
	Originals int `json:"originals"`
	Variants  int `json:"variants"`
}

// events tells of every original and of every change, as server-sent events: "reset" once, then "originals" (whole
// accounts), "removed" (keys), "completions" (completion events as they came over the bus) and "counters".
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	stream := &stream{w: w, out: http.NewResponseController(w)}
	subscription := s.Gallery.Subscribe()
	defer subscription.Close()
	stream.send("reset", struct{}{})
	var told counters
	for stream.err == nil && r.Context().Err() == nil {
		if now := s.counters(); now != told {
			stream.send("counters", now)
			told = now
		}
		ctx, cancel := context.WithTimeout(r.Context(), tick)
		update, err := subscription.Next(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			stream.comment() // finds out whether anyone listens
			continue
		}
		if len(update.Originals) > 0 {
			stream.send("originals", update.Originals)
		}
		if len(update.Removed) > 0 {
			stream.send("removed", update.Removed)
		}
		if len(update.Completions) > 0 {
			stream.send("completions", update.Completions)
		}
		time.Sleep(gather)
	}
}

func (s *server) counters() counters {
	c := counters{Counters: s.Counters()}
	c.Originals, c.Variants = s.Gallery.Counts()
	return c
}

// stream writes server-sent events until an error.
type stream struct {
	w   http.ResponseWriter
	out *http.ResponseController
	err error
}

func (s *stream) send(name string, data any) {
	body, err := json.Marshal(data)
	if err != nil {
		s.err = err
		return
	}
	s.write(fmt.Sprintf("event: %s\ndata: %s\n\n", name, body))
}

func (s *stream) comment() { s.write(":\n\n") }

func (s *stream) write(text string) {
	if s.err != nil {
		return
	}
	if _, s.err = s.w.Write([]byte(text)); s.err == nil {
		s.err = s.out.Flush()
	}
}
