package lambda

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// maxLine is where a line without an end is cut.
const maxLine = 256 << 10

// output reads what a process writes, line by line. What was written before a call of flush is told before it returns:
// that is how lines are told of the invocation they belong to and not of the next.
type output struct {
	reader, writer *os.File
	line           func(string)
	done           chan struct{}

	mu   sync.Mutex
	rest []byte // the line that has no end yet
	eof  bool
}

// captureOutput makes the command write its standard output and error to the same pipe.
func captureOutput(command *exec.Cmd, line func(string)) (*output, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	command.Stdout, command.Stderr = writer, writer
	return &output{reader: reader, writer: writer, line: line, done: make(chan struct{})}, nil
}

// started is called once the command has started, or has failed to.
func (o *output) started() {
	_ = o.writer.Close()
	go o.readAll()
}

func (o *output) readAll() {
	defer close(o.done)
	raw, err := o.reader.SyscallConn()
	if err != nil {
		return
	}
	for err == nil && !o.ended() {
		err = raw.Read(o.drain)
	}
}

// flush reads what is there and returns without waiting for more.
func (o *output) flush() {
	if raw, err := o.reader.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { o.drain(fd) })
	}
}

// close reads what is left after the process's end. Something that the process left behind may hold the pipe open: it
// is not waited for.
func (o *output) close() {
	o.flush()
	_ = o.reader.SetReadDeadline(time.Now())
	<-o.done
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.rest) > 0 {
		o.line(string(o.rest))
		o.rest = nil
	}
	_ = o.reader.Close()
}

func (o *output) ended() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.eof
}

// drain reads until nothing is there; its answer, for raw.Read, is whether something was.
func (o *output) drain(fd uintptr) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	buffer := make([]byte, 32<<10)
	for read := false; ; read = true {
		n, err := syscall.Read(int(fd), buffer)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return read
		case err != nil || n == 0:
			o.eof = true
			return true
		}
		o.split(buffer[:n])
	}
}

func (o *output) split(chunk []byte) {
	o.rest = append(o.rest, chunk...)
	for {
		end := bytes.IndexByte(o.rest, '\n')
		if end < 0 && len(o.rest) < maxLine {
			return
		}
		if end < 0 {
			o.line(string(o.rest))
			o.rest = nil
			return
		}
		o.line(string(bytes.TrimSuffix(o.rest[:end], []byte("\r"))))
		o.rest = o.rest[end+1:]
	}
}
