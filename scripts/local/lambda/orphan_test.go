package lambda_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/presize/presize/scripts/local/lambda"
)

// beParent runs the function, says its process's id and waits to be killed.
func beParent() {
	l, err := lambda.Start(lambda.Function{Name: "obey", Bootstrap: os.Args[0]})
	if err == nil {
		var result lambda.Result
		result, err = l.Invoke(context.Background(), []byte(`{"do":"pid"}`))
		fmt.Println(string(result.Payload))
	}
	if err != nil {
		fmt.Println(err)
	}
	select {}
}

// TestNoOrphanWhenTheParentIsKilled kills a process that runs a function: the function must end too.
func TestNoOrphanWhenTheParentIsKilled(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.CommandContext(t.Context(), executable)
	parent.Env = append(os.Environ(), "PARENT=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("the parent said %q", line)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	awaitEnd(t, pid)
}
