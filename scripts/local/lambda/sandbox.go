package lambda

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// errGone says that a process ended before it was handed the invocation.
var errGone = errors.New("the process is gone")

// delivery is one invocation on its way through a process.
type delivery struct {
	Invocation
	answers chan answer // room for the one answer

	mu  sync.Mutex
	log []string
}

type answer struct {
	payload []byte
	err     error
}

func newDelivery(invocation Invocation) *delivery {
	return &delivery{Invocation: invocation, answers: make(chan answer, 1)}
}

func (d *delivery) answer(payload []byte, err error) {
	select {
	case d.answers <- answer{payload, err}:
	default: // it has one already
	}
}

func (d *delivery) keep(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.log) == maxLog {
		d.log = d.log[1:]
	}
	d.log = append(d.log, line)
}

func (d *delivery) lines() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log
}

// sandbox is one process and the Runtime API that only it talks to.
type sandbox struct {
	lambda     *Lambda
	api        *http.Server
	command    *exec.Cmd
	output     *output
	deliveries chan *delivery // received by the process's GET next
	waiting    chan struct{}  // a token for each GET next that came
	exited     chan struct{}  // closed when the process is gone and its output was read to the end
	exit       error          // why; read it after exited

	mu      sync.Mutex
	owner   *delivery // whom the lines belong to
	current *delivery // handed out and not answered
	initErr *Error    // what the process reported before it ended
	gone    bool
}

// startSandbox starts a process, whose first lines belong to the invocation that made it necessary.
func (l *Lambda) startSandbox(ctx context.Context, first *delivery) (*sandbox, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sandbox{
		lambda:     l,
		deliveries: make(chan *delivery),
		waiting:    make(chan struct{}, 1),
		exited:     make(chan struct{}),
		owner:      first,
	}
	s.api = &http.Server{Handler: s.routes(), ReadHeaderTimeout: initLimit}
	s.command = exec.Command(l.function.Bootstrap) //nolint:noctx // it outlives the invocation that starts it
	s.command.Dir = filepath.Dir(l.function.Bootstrap)
	s.command.Env = l.environment(listener.Addr().String())
	s.command.SysProcAttr = processAttributes()
	if s.output, err = captureOutput(s.command, s.line); err != nil {
		_ = listener.Close()
		return nil, err
	}
	started := make(chan error)
	l.starts <- func() { started <- l.function.Begin(s.command) }
	err = <-started
	s.output.started()
	if err != nil {
		s.output.close()
		_ = listener.Close()
		return nil, err
	}
	l.running.Add(1)
	l.count(func(c *Counters) { c.ColdStarts++; c.Processes++ })
	go func() { _ = s.api.Serve(listener) }()
	go s.watch()
	return s, nil
}

// environment is what a Lambda function finds, and nothing of this process's own.
func (l *Lambda) environment(api string) []string {
	root := filepath.Dir(l.function.Bootstrap)
	environment := map[string]string{
		"AWS_DEFAULT_REGION":              l.function.Region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(l.function.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        l.function.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     latest,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + l.function.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02") + "/[$LATEST]" + NewID(),
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_REGION":                      l.function.Region,
		"LAMBDA_TASK_ROOT":                root,
		"LANG":                            "en_US.UTF-8",
		"LD_LIBRARY_PATH":                 root + string(os.PathListSeparator) + filepath.Join(root, "lib"),
		"PATH":                            "/usr/local/bin:/usr/bin:/bin",
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	maps.Copy(environment, l.function.Env)
	list := make([]string, 0, len(environment))
	for name, value := range environment {
		list = append(list, name+"="+value)
	}
	return list
}

// watch waits for the process's end and clears up after it.
func (s *sandbox) watch() {
	s.exit = s.command.Wait()
	s.kill() // whatever it started itself
	s.mu.Lock()
	s.gone = true
	s.mu.Unlock()
	s.output.close()
	close(s.exited)
	_ = s.api.Close()
	s.lambda.count(func(c *Counters) { c.Processes-- })
	s.lambda.running.Done()
}

// kill ends the process and its children. It does not wait.
func (s *sandbox) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.gone {
		_ = syscall.Kill(-s.command.Process.Pid, syscall.SIGKILL)
	}
}

// awaitNext waits until the process asks for an invocation. It returns errGone when it ended instead, or was ended by
// Close, and kills it when it does nothing in time.
func (s *sandbox) awaitNext(limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-s.waiting:
		return nil
	case <-s.exited:
		return errGone
	case <-s.lambda.killed:
		s.kill()
		<-s.exited
		return errGone
	case <-timer.C:
		s.kill()
		<-s.exited
		return &Error{Type: TimedOut, Message: fmt.Sprintf("no invocation asked for within %s", limit)}
	}
}

// run gives the process one invocation and waits for the answer, for the process's end, or for the deadline.
func (s *sandbox) run(ctx context.Context, d *delivery) (Result, error) {
	s.mu.Lock()
	warm := s.owner != d
	s.owner = d
	s.mu.Unlock()
	defer context.AfterFunc(ctx, s.kill)()
	if !warm {
		if err := s.awaitNext(initLimit); err != nil {
			return Result{Log: d.lines()}, s.initFailure(ctx, d, err)
		}
	}
	select {
	case s.deliveries <- d:
	case <-s.lambda.killed:
		s.kill()
		return Result{Log: d.lines()}, ErrClosed
	case <-s.exited:
		if warm {
			return Result{}, errGone
		}
		return Result{Log: d.lines()}, s.exitFailure(ctx, d)
	}
	start := time.Now()
	timer := time.NewTimer(s.lambda.function.Timeout)
	defer timer.Stop()
	var a answer
	select {
	case a = <-d.answers:
	case <-timer.C:
		s.kill()
		<-s.exited
		a = s.lastWord(d, &Error{Type: TimedOut, Message: fmt.Sprintf(
			"RequestId: %s Error: Task timed out after %.2f seconds", d.ID, s.lambda.function.Timeout.Seconds())})
	case <-s.lambda.killed:
		s.kill()
		<-s.exited
		a = s.lastWord(d, ErrClosed)
	case <-s.exited:
		a = s.lastWord(d, s.exitFailure(ctx, d))
	}
	return Result{Payload: a.payload, Log: d.lines(), Duration: time.Since(start)}, a.err
}

// lastWord is the answer that came just before the process's end, or failure.
func (s *sandbox) lastWord(d *delivery, failure error) answer {
	select {
	case a := <-d.answers:
		return a
	default:
		return answer{err: failure}
	}
}

func (s *sandbox) initFailure(ctx context.Context, d *delivery, err error) error {
	if errors.Is(err, errGone) {
		return s.exitFailure(ctx, d)
	}
	return err
}

// exitFailure says why the process ended: by ctx, by Close, by its own report, or by its exit status.
func (s *sandbox) exitFailure(ctx context.Context, d *delivery) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.lambda.givenUp():
		return ErrClosed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.initErr != nil {
		return s.initErr
	}
	reason := "exit status 0"
	if s.exit != nil {
		reason = s.exit.Error()
	}
	return &Error{
		Type:    ExitError,
		Message: fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", d.ID, reason),
	}
}

// line takes a line of the process's output.
func (s *sandbox) line(text string) {
	s.mu.Lock()
	owner := s.owner
	s.mu.Unlock()
	owner.keep(text)
	s.lambda.function.Observer.Line(owner.Invocation, text)
}
