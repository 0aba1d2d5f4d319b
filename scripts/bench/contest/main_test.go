package contest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/presize/presize/scripts/bench/contest"
	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/result"
)

// TestMain makes this binary a contestant when its first argument is a manner to be one in; the second is its name.
func TestMain(m *testing.M) {
	manners := map[string]manner{"renders": renders, "sideways": sideways, "refuses": refuses, "dies": dies, "babbles": babbles, "hangs": hangs, "eats": eats}
	if len(os.Args) == 3 && manners[os.Args[1]] != nil {
		if err := protocol.Serve(context.Background(), os.Stdin, os.Stdout, manners[os.Args[1]]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// entrant is this binary in a manner.
func entrant(t *testing.T, name, manner string, cores int) contest.Entrant {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return contest.Entrant{
		Contestant: result.Contestant{Name: name, Cores: cores}, Command: []string{program, manner, name},
	}
}

type manner func(size int) ([]protocol.Output, error)

// Render notes in a file beside the original, whose bytes are its path, who rendered.
func (m manner) Render(_ context.Context, data []byte, _ int) ([]protocol.Output, error) {
	log, err := os.OpenFile(string(data)+".log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(log, os.Args[2])
	if err := log.Close(); err != nil {
		return nil, err
	}
	return m(runtime.GOMAXPROCS(0))
}

func (manner) Inspect([]byte, []protocol.Output) (string, error) { return "as it is", nil }

// renders gives the number of processors as the height.
func renders(processors int) ([]protocol.Output, error) {
	return []protocol.Output{{Preset: "small", Extension: "jpg", Width: 368, Height: processors, Data: []byte("pixels")}}, nil
}

func sideways(int) ([]protocol.Output, error) {
	return []protocol.Output{{Preset: "small", Extension: "jpg", Width: 1, Height: 368}}, nil
}

func refuses(int) ([]protocol.Output, error) { return nil, errors.New("no decoder") }

func dies(int) ([]protocol.Output, error) { panic("out of paint") }

func babbles(processors int) ([]protocol.Output, error) {
	fmt.Println("a line that is no answer")
	return renders(processors)
}

func hangs(int) ([]protocol.Output, error) {
	time.Sleep(time.Hour)
	return nil, nil
}

var eaten []byte

const appetite = 100 << 20 // bytes

func eats(processors int) ([]protocol.Output, error) {
	eaten = make([]byte, appetite)
	for i := 0; i < len(eaten); i += 4096 {
		eaten[i] = 1
	}
	return renders(processors)
}
