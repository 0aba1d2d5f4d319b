package contest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/process"
)

// worker is a contestant's running process.
type worker struct {
	name    string
	command *exec.Cmd
	in      io.WriteCloser
	answers chan line
	said    *tail
}

type line struct {
	text []byte
	err  error
}

// start starts an entrant's process on the given processors; none: wherever the system puts it.
func start(e Entrant, cpus []int) (*worker, error) {
	w := &worker{name: e.Name, command: exec.Command(e.Command[0], e.Command[1:]...), answers: make(chan line, 1), said: &tail{}} //nolint:noctx // ask kills it when its context ends
	w.command.Stderr = w.said
	if len(cpus) == 0 {
		w.command.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", e.Cores))
	}
	in, err := w.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := w.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.StartOn(cpus, w.command.Start); err != nil {
		return nil, fmt.Errorf("contestant %s does not start: %w", e.Name, err)
	}
	w.in = in
	go w.listen(out)
	return w, nil
}

func (w *worker) listen(out io.Reader) {
	defer close(w.answers)
	lines := bufio.NewReader(out)
	for {
		text, err := lines.ReadBytes('\n')
		w.answers <- line{text, err}
		if err != nil {
			return
		}
	}
}

// errNoAnswer is of a process that said nothing, or nothing that is an answer; it is of no use any more.
var errNoAnswer = errors.New("no answer")

// ask hands in one upload and waits for what becomes of it.
func (w *worker) ask(ctx context.Context, upload protocol.Upload, timeout time.Duration) (protocol.Answer, error) {
	file := filepath.Base(upload.File)
	var request strings.Builder
	encoder := json.NewEncoder(&request)
	encoder.SetEscapeHTML(false) // the floor reads no \u
	if err := encoder.Encode(upload); err != nil {
		return protocol.Answer{}, err
	}
	if _, err := io.WriteString(w.in, request.String()); err != nil {
		return protocol.Answer{}, w.failure(file, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("none within %s", timeout))
	defer cancel()
	select {
	case <-ctx.Done():
		return protocol.Answer{}, w.failure(file, context.Cause(ctx))
	case said := <-w.answers:
		if said.err != nil {
			return protocol.Answer{}, w.failure(file, fmt.Errorf("it ended: %w", said.err))
		}
		var answer protocol.Answer
		if err := json.Unmarshal(said.text, &answer); err != nil {
			return protocol.Answer{}, w.failure(file, fmt.Errorf("%q: %w", said.text, err))
		}
		if answer.Error == "" && len(answer.Variants) == 0 {
			return protocol.Answer{}, w.failure(file, errors.New("neither variants nor an error"))
		}
		answer.Error = lastLine(answer.Error)
		return answer, nil
	}
}

// lastLine of what libvips says is what the lines before it led to.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// failure says who failed on what.
func (w *worker) failure(file string, err error) error {
	return fmt.Errorf("contestant %s, %s: %w: %w", w.name, file, errNoAnswer, err)
}

// end lets the process end by itself, as it does when its stdin ends.
func (w *worker) end() error {
	err := w.in.Close()
	for range w.answers {
		continue // Wait may be called only when all of its stdout has been read
	}
	return errors.Join(err, w.command.Wait())
}

// kill ends the process at once, for an error, and returns that with the last words of its stderr: only what has ended
// has said all of them.
func (w *worker) kill(because error) error {
	_ = w.command.Process.Kill()
	_ = w.end() // that it was killed is no news
	return fmt.Errorf("%w%s", because, w.said)
}
