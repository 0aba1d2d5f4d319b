package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/scripts/local/lambda"
)

// start runs this test binary as the function, and fails the test if it leaves a process.
func start(t *testing.T, change func(*lambda.Function)) *lambda.Lambda {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	function := lambda.Function{
		Name: "obey", Bootstrap: executable, Processes: 2, Timeout: 30 * time.Second,
		RetryWaits: []time.Duration{time.Millisecond, time.Millisecond},
	}
	if change != nil {
		change(&function)
	}
	l, err := lambda.Start(function)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, l) })
	return l
}

func shut(t *testing.T, l *lambda.Lambda) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := l.Close(ctx); err != nil {
		t.Error(err)
	}
	if left := l.Counters().Processes; left != 0 {
		t.Errorf("%d processes are left", left)
	}
}

func payload(t *testing.T, o order) []byte {
	t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func invoke[T any](t *testing.T, l *lambda.Lambda, o order) T {
	t.Helper()
	result, err := l.Invoke(t.Context(), payload(t, o))
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	var value T
	if err := json.Unmarshal(result.Payload, &value); err != nil {
		t.Fatalf("%+v: %s: %v", o, result.Payload, err)
	}
	return value
}

func enqueue(t *testing.T, l *lambda.Lambda, o order) string {
	t.Helper()
	id, err := l.Enqueue(payload(t, o))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func drain(t *testing.T, l *lambda.Lambda) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := l.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestInvoke(t *testing.T) {
	l := start(t, nil)
	result, err := l.Invoke(t.Context(), payload(t, order{Do: "echo", Word: "Grüße"}))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(result.Payload); got != `"Grüße"` {
		t.Errorf("answer: %s", got)
	}
	if diff := cmp.Diff([]string{"starting", "out: Grüße", "err: Grüße"}, result.Log); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if !result.ColdStart {
		t.Error("the first invocation is not a cold start")
	}
}

func TestProcessStaysWarm(t *testing.T) {
	l := start(t, nil)
	for want := 1; want <= 3; want++ {
		if got := invoke[int](t, l, order{Do: "served"}); got != want {
			t.Errorf("invocation %d came to a process that had served %d", want, got-1)
		}
	}
	if got := l.Counters(); got.ColdStarts != 1 || got.Invocations != 3 {
		t.Errorf("counters: %+v", got)
	}
}

func TestEnvironmentIsLambdas(t *testing.T) {
	t.Setenv("SECRET_OF_THE_PARENT", "x")
	l := start(t, func(f *lambda.Function) {
		f.Env = map[string]string{"PRESIZE_PATH_STYLE": "true"}
		f.MemoryMB = 512
	})
	got := map[string]string{}
	for _, line := range invoke[[]string](t, l, order{Do: "env"}) {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	for name, want := range map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        "obey",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/obey",
		"AWS_REGION":                      "us-east-1",
		"PRESIZE_PATH_STYLE":              "true",
		"SECRET_OF_THE_PARENT":            "",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	if got["AWS_LAMBDA_LOG_STREAM_NAME"] == "" || got["LAMBDA_TASK_ROOT"] == "" {
		t.Errorf("missing: %v", got)
	}
}

func TestDeadlineReachesTheFunction(t *testing.T) {
	l := start(t, func(f *lambda.Function) { f.Timeout = 20 * time.Second })
	if left := invoke[int](t, l, order{Do: "deadline"}); left <= 0 || left > 20_000 {
		t.Errorf("%d ms are left of 20 s", left)
	}
}

func TestFailures(t *testing.T) {
	tests := map[string]struct {
		order   order
		change  func(*lambda.Function)
		kind    string
		message string
		log     string
	}{
		"error":   {order: order{Do: "error", Word: "no such luck"}, kind: "errorString", message: "no such luck"},
		"panic":   {order: order{Do: "panic", Word: "help"}, kind: "string", message: "help"},
		"crash":   {order: order{Do: "exit", N: 3}, kind: lambda.ExitError, message: "exit status 3", log: "last words"},
		"goodbye": {order: order{Do: "exit"}, kind: lambda.ExitError, message: "exit status 0"},
		"hang": {
			order: order{Do: "hang"}, kind: lambda.TimedOut, message: "Task timed out after 0.30 seconds",
			change: func(f *lambda.Function) { f.Timeout = 300 * time.Millisecond },
		},
		"large answer": {order: order{Do: "big", N: 7 << 20}, kind: lambda.ResponseTooLarge, message: "6291456"},
		"broken start": {
			order: order{Do: "echo"}, kind: lambda.ExitError, message: "exit status 7", log: "starting",
			change: func(f *lambda.Function) { f.Env = map[string]string{"BREAK": "start"} },
		},
		"crash with a child": {order: order{Do: "child", N: 4}, kind: lambda.ExitError, message: "exit status 4"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, tt.change)
			result, err := l.Invoke(t.Context(), payload(t, tt.order))
			var failure *lambda.Error
			if !errors.As(err, &failure) {
				t.Fatalf("got %v, want a *lambda.Error", err)
			}
			if failure.Type != tt.kind || !strings.Contains(failure.Message, tt.message) {
				t.Errorf("got %q: %q", failure.Type, failure.Message)
			}
			if log := strings.Join(result.Log, "\n"); !strings.Contains(log, tt.log) {
				t.Errorf("log:\n%s", log)
			}
			if tt.kind == lambda.ExitError && tt.change != nil {
				return
			}
			if got := invoke[string](t, l, order{Do: "echo", Word: "next"}); got != "next" {
				t.Errorf("the next invocation answered %q", got)
			}
		})
	}
}

func TestBootstrapIsChecked(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(plain, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, bootstrap := range map[string]string{
		"missing": plain + "2", "not executable": plain, "folder": filepath.Dir(plain),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := lambda.Start(lambda.Function{Bootstrap: bootstrap}); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestRetriesUntilSuccess(t *testing.T) {
	l := start(t, nil)
	file := filepath.Join(t.TempDir(), "attempts")
	enqueue(t, l, order{Do: "fail until", File: file, N: 3})
	drain(t, l)
	got := l.Counters()
	if got.Invocations != 3 || got.Retries != 2 || got.Errors != 2 || got.DeadLetters != 0 || got.Pending != 0 {
		t.Errorf("counters: %+v", got)
	}
}

func TestDeadLetterAfterTwoRetries(t *testing.T) {
	var mu sync.Mutex
	var told []lambda.DeadLetter
	var attempts []int
	l := start(t, func(f *lambda.Function) {
		f.Observer.DeadLettered = func(letter lambda.DeadLetter) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, letter)
		}
		f.Observer.Ended = func(invocation lambda.Invocation, _ lambda.Result, _ error) {
			mu.Lock()
			defer mu.Unlock()
			attempts = append(attempts, invocation.Attempt)
		}
	})
	bad := order{Do: "exit", N: 1}
	id := enqueue(t, l, bad)
	enqueue(t, l, order{Do: "echo", Word: "unharmed"})
	drain(t, l)
	letters := l.DeadLetters()
	if len(letters) != 1 || len(told) != 1 || told[0].ID != id {
		t.Fatalf("dead letters: %v, told: %v", letters, told)
	}
	letter := letters[0]
	var failure *lambda.Error
	if letter.ID != id || letter.Attempts != 3 || string(letter.Payload) != string(payload(t, bad)) ||
		!errors.As(letter.Err, &failure) || failure.Type != lambda.ExitError {
		t.Errorf("dead letter: %+v", letter)
	}
	slices.Sort(attempts)
	if diff := cmp.Diff([]int{1, 1, 2, 3}, attempts); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestNoMoreProcessesThanAllowed(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	l := start(t, func(f *lambda.Function) {
		f.Processes = 3
		f.Observer.Started = func(lambda.Invocation) {
			mu.Lock()
			defer mu.Unlock()
			running++
			most = max(most, running)
		}
		f.Observer.Ended = func(lambda.Invocation, lambda.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			running--
		}
	})
	for range 50 {
		enqueue(t, l, order{Do: "sleep", MS: 5})
	}
	drain(t, l)
	if got := l.Counters(); got.ColdStarts > 3 || got.Invocations != 50 || got.Events != 50 {
		t.Errorf("counters: %+v", got)
	}
	if most > 3 {
		t.Errorf("%d ran at the same time", most)
	}
}

// TestLinesBelongToTheirInvocation writes much from many invocations: every line must be told, of the right one, and
// before the invocation's end.
func TestLinesBelongToTheirInvocation(t *testing.T) {
	var mu sync.Mutex
	lines := map[string]int{}
	ended := map[string]int{}
	words := map[string]string{}
	l := start(t, func(f *lambda.Function) {
		f.Observer.Line = func(invocation lambda.Invocation, line string) {
			var o order
			if json.Unmarshal(invocation.Payload, &o) != nil || line == "starting" {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if !strings.HasPrefix(line, o.Word+" ") {
				t.Errorf("%q was told %.20q", o.Word, line)
			}
			lines[invocation.ID]++
			words[invocation.ID] = o.Word
		}
		f.Observer.Ended = func(invocation lambda.Invocation, _ lambda.Result, _ error) {
			mu.Lock()
			defer mu.Unlock()
			ended[invocation.ID] = lines[invocation.ID]
		}
	})
	const events, each = 40, 500
	for i := range events {
		enqueue(t, l, order{Do: "lines", Word: "event" + strconv.Itoa(i), N: each})
	}
	drain(t, l)
	for id, n := range ended {
		if n != each {
			t.Errorf("%s: %d lines at its end, want %d", words[id], n, each)
		}
	}
	if len(ended) != events {
		t.Errorf("%d ended, want %d", len(ended), events)
	}
}

func TestCancelledInvokeKillsTheProcess(t *testing.T) {
	l := start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := l.Invoke(ctx, payload(t, order{Do: "hang"})); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if got := invoke[string](t, l, order{Do: "echo", Word: "next"}); got != "next" {
		t.Errorf("the next invocation answered %q", got)
	}
}

func TestProcessThatEndedIdleIsReplaced(t *testing.T) {
	l := start(t, func(f *lambda.Function) { f.Processes = 1 })
	pid := invoke[int](t, l, order{Do: "pid"})
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for l.Counters().Processes > 0 {
		time.Sleep(time.Millisecond)
	}
	if again := invoke[int](t, l, order{Do: "pid"}); again == pid {
		t.Error("a dead process answered")
	}
	if got := l.Counters(); got.Errors != 0 {
		t.Errorf("counters: %+v", got)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	l := start(t, nil)
	function := invoke[int](t, l, order{Do: "pid"})
	child := invoke[int](t, l, order{Do: "child"})
	id := enqueue(t, l, order{Do: "sleep", MS: 100})
	shut(t, l)
	for _, pid := range []int{function, child} {
		awaitEnd(t, pid)
	}
	if got := l.Counters(); got.Pending != 0 || got.Errors != 0 {
		t.Errorf("event %s was not waited for: %+v", id, got)
	}
	if _, err := l.Enqueue(nil); !errors.Is(err, lambda.ErrClosed) {
		t.Errorf("Enqueue after Close: %v", err)
	}
	if _, err := l.Invoke(t.Context(), nil); !errors.Is(err, lambda.ErrClosed) {
		t.Errorf("Invoke after Close: %v", err)
	}
}

func TestCloseGivesUpWhatDoesNotEnd(t *testing.T) {
	l := start(t, func(f *lambda.Function) { f.Processes = 1 })
	enqueue(t, l, order{Do: "hang"})
	enqueue(t, l, order{Do: "hang"})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := l.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close: %v", err)
	}
	if left := l.Counters().Processes; left != 0 {
		t.Errorf("%d processes are left", left)
	}
}

// awaitEnd waits until a process is gone, or dead and not yet collected by whoever adopted it.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	for range 200 {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

func TestCloseEndsSynchronousInvocations(t *testing.T) {
	l := start(t, nil)
	failed := make(chan error, 1)
	go func() {
		_, err := l.Invoke(context.Background(), []byte(`{"do":"hang"}`))
		failed <- err
	}()
	for l.Counters().Processes == 0 {
		time.Sleep(time.Millisecond)
	}
	shut(t, l)
	if err := <-failed; !errors.Is(err, lambda.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
