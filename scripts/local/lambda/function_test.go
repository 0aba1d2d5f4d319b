package lambda_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	runtime "github.com/aws/aws-lambda-go/lambda"
)

// TestMain is the function too: the tests give this very binary to lambda.Start as the bootstrap.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("PARENT") != "":
		beParent()
	case os.Getenv("AWS_LAMBDA_RUNTIME_API") == "":
		os.Exit(m.Run())
	}
	fmt.Println("starting")
	if os.Getenv("BREAK") == "start" {
		os.Exit(7)
	}
	if os.Getenv("QUEUE") != "" {
		runtime.Start(serveQueue)
	}
	runtime.Start(obey)
}

// order is what the tests ask the function to do.
type order struct {
	Do   string `json:"do"`
	Word string `json:"word,omitempty"`
	File string `json:"file,omitempty"`
	MS   int    `json:"ms,omitempty"`
	N    int    `json:"n,omitempty"`
}

var served int

func obey(ctx context.Context, o order) (any, error) {
	served++
	switch o.Do {
	case "echo":
		fmt.Println("out:", o.Word)
		fmt.Fprintln(os.Stderr, "err:", o.Word)
	case "pid":
		return os.Getpid(), nil
	case "served":
		return served, nil
	case "env":
		return os.Environ(), nil
	case "deadline":
		deadline, _ := ctx.Deadline()
		return time.Until(deadline).Milliseconds(), nil
	case "sleep":
		time.Sleep(time.Duration(o.MS) * time.Millisecond)
	case "lines":
		for i := range o.N {
			fmt.Printf("%s %d %s\n", o.Word, i, strings.Repeat(".", 200))
		}
	case "big":
		return strings.Repeat("x", o.N), nil
	case "error":
		return nil, errors.New(o.Word)
	case "panic":
		panic(o.Word)
	case "exit":
		fmt.Print("last words") // no end of line
		os.Exit(o.N)
	case "hang":
		select {}
	case "child":
		child := exec.Command("sleep", "600")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			return nil, err
		}
		fmt.Println("child", child.Process.Pid)
		if o.N > 0 {
			os.Exit(o.N)
		}
		return child.Process.Pid, nil
	case "fail until": // the file holds one byte for each attempt
		file, err := os.OpenFile(o.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		if _, err := file.WriteString("."); err != nil {
			return nil, err
		}
		if info, err := file.Stat(); err != nil || info.Size() < int64(o.N) {
			return nil, fmt.Errorf("attempt %d", info.Size())
		}
	default:
		return nil, fmt.Errorf("unknown order %q", o.Do)
	}
	return o.Word, nil
}
