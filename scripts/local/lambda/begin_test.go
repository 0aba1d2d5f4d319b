package lambda_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/local/lambda"
)

func TestBeginMayChangeTheProcess(t *testing.T) {
	var begun []*exec.Cmd
	l := start(t, func(f *lambda.Function) {
		f.Begin = func(command *exec.Cmd) error {
			begun = append(begun, command)
			command.Env = append(command.Env, "BEGUN=yes")
			return command.Start()
		}
	})
	if env := invoke[[]string](t, l, order{Do: "env"}); !slices.Contains(env, "BEGUN=yes") {
		t.Errorf("the process does not see what Begin set: %q", env)
	}
	if pid := invoke[int](t, l, order{Do: "pid"}); len(begun) != 1 || begun[0].Process.Pid != pid {
		t.Errorf("Begin saw %d commands, and the process is %d", len(begun), pid)
	}
}

func TestBeginMayRefuse(t *testing.T) {
	l := start(t, func(f *lambda.Function) {
		f.Begin = func(*exec.Cmd) error { return errors.New("no room") }
	})
	_, err := l.Invoke(t.Context(), payload(t, order{Do: "echo"}))
	failure, ok := errors.AsType[*lambda.Error](err)
	if !ok || failure.Type != lambda.InitError || !strings.Contains(failure.Message, "no room") {
		t.Errorf("error: %v", err)
	}
}
