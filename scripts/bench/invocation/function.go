package invocation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/presize/presize/scripts/bench/process"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/lambda"
)

// memory is how much a function has to have on Lambda for one whole vCPU, in MB, and what the Terraform module gives.
const memory = 1769

// contestant is who is invoked, and how it is started.
type contestant struct {
	name    string
	program string   // executable
	args    []string // of it
	folder  string   // of the function
	env     map[string]string
}

// presize is the function that is shipped, as the Terraform module configures it.
func (b *bench) presize() contestant {
	return contestant{
		name: "presize", program: filepath.Join(b.Function, "bootstrap"), folder: b.Function,
		env: map[string]string{"PRESIZE_PATH_STYLE": "true", "AWS_LAMBDA_LOG_FORMAT": "JSON"},
	}
}

// node is the function that blog posts write; only is the one preset to make, empty: every one.
func (b *bench) node(name, only string) (contestant, error) {
	program, err := exec.LookPath("node")
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return contestant{}, fmt.Errorf("node is missing, which %s needs: %w", name, err)
	}
	script := filepath.Join(b.Node, "lambda.mjs")
	return contestant{
		name: name, program: program, args: []string{script}, folder: b.Node,
		env: map[string]string{"ONLY": only, "NODE_ENV": "production"},
	}, nil
}

// function is a contestant behind a Runtime API of its own. It has one process at a time.
type function struct {
	contestant

	lambda  *lambda.Lambda
	started time.Time // when the last process was
	process *exec.Cmd
}

// open makes a contestant ready. Its process starts with the first invocation.
func (b *bench) open(c contestant) (*function, error) {
	f := &function{contestant: c}
	env := map[string]string{
		"AWS_ACCESS_KEY_ID":     bucket.AccessKey,
		"AWS_SECRET_ACCESS_KEY": bucket.SecretKey,
		"AWS_ENDPOINT_URL_S3":   b.door.URL,
		"LAMBDA_TASK_ROOT":      c.folder,
		"LD_LIBRARY_PATH":       c.folder + string(os.PathListSeparator) + filepath.Join(c.folder, "lib"),
	}
	maps.Copy(env, c.env)
	var err error
	f.lambda, err = lambda.Start(lambda.Function{
		Name: c.name, Bootstrap: c.program, Env: env, Region: bucket.Region, MemoryMB: memory, Processes: 1,
		Begin: func(command *exec.Cmd) error { return f.begin(command, b.CPU) },
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return f, nil
}

// begin starts a process on the CPU.
func (f *function) begin(command *exec.Cmd, cpu int) error {
	command.Dir, command.Args = f.folder, append(command.Args, f.args...)
	if cpu >= 0 {
		if err := process.HoldThread(cpu); err != nil {
			return fmt.Errorf("holding %s to CPU %d: %w", f.name, cpu, err)
		}
	}
	f.process, f.started = command, time.Now()
	return command.Start()
}

// invoke hands the function an event and waits for its response.
func (f *function) invoke(ctx context.Context, payload []byte) (lambda.Result, error) {
	r, err := f.lambda.Invoke(ctx, payload)
	if failure, ok := errors.AsType[*lambda.Error](err); ok {
		return r, &cannotError{cmp.Or(lastLine(failure.Message), failure.Type)}
	}
	return r, err
}

// lastLine is where libvips says what it comes down to.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// cannotError says that a contestant cannot do what it is asked to.
type cannotError struct{ why string }

func (e *cannotError) Error() string { return e.why }

func (f *function) close(ctx context.Context) error { return f.lambda.Close(ctx) }
