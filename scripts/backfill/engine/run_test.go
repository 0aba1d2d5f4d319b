package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

func TestRun(t *testing.T) {
	transient := errors.New("connection reset")
	w := &way{do: func(_ context.Context, item engine.Item, try int) (engine.Result, error) {
		switch item.Key {
		case name(1):
			return failed("corrupt", errors.New("broken off"))
		case name(2):
			return engine.Result{Outcome: report.Gone}, nil
		case name(3):
			return engine.Result{Outcome: report.Skipped, Reason: "up-to-date"}, nil
		case name(4):
			if try < 3 {
				return again(transient)
			}
		case name(5):
			return again(transient)
		case name(6):
			return engine.Result{Outcome: report.Retry, Reason: "access-denied", Err: store.ErrDenied}, nil
		}
		return engine.Result{Outcome: report.Done, Variants: 4, Bytes: 100}, nil
	}}
	run := newRun(t, 20, w)
	if err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := engine.Counts{
		Done: 15, Skipped: 1, Gone: 1, Failed: 3, Variants: 60, Bytes: 1500, Retries: 2 + 5,
		Reasons: map[string]int64{"corrupt": 1, "transient": 1, "access-denied": 1},
	}
	if diff := cmp.Diff(want, run.Tally.Now(), cmpopts.IgnoreFields(engine.Counts{}, "Took")); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	failures := map[string]string{}
	for failure, err := range engine.ReadFailures(run.Failures.Path) {
		if err != nil {
			t.Fatal(err)
		}
		failures[failure.Original] = failure.Reason + ": " + failure.Error + ": " + failure.ETag
	}
	if diff := cmp.Diff(map[string]string{
		name(1): "corrupt: broken off: e", name(5): "transient: connection reset: e", name(6): "access-denied: access denied: e",
	}, failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if w.peak > 4 {
		t.Errorf("%d at a time; 4 are allowed", w.peak)
	}
}

func throttle(status int) error {
	return fmt.Errorf("s3:GetObject: %w", &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: errors.New("no body"),
	})
}

// Throttling is no failure however often it comes, and brings down what is in flight.
func TestRunThrottled(t *testing.T) {
	w := &way{do: func(_ context.Context, _ engine.Item, try int) (engine.Result, error) {
		if try <= 12 {
			return again(throttle(http.StatusServiceUnavailable))
		}
		return done()
	}}
	run := newRun(t, 4, w)
	if err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := run.Tally.Now(); now.Done != 4 || now.Failed != 0 || now.Retries != 48 || now.Throttled != 48 {
		t.Errorf("counts: %+v", now)
	}
	if _, allowed := run.Limit.Now(); allowed > 3 {
		t.Errorf("%d are allowed at last", allowed)
	}
}

// One original may be refused: only when one after the other is, nothing else is to be expected.
func TestRunRefusedNowAndThen(t *testing.T) {
	w := &way{do: func(_ context.Context, item engine.Item, _ int) (engine.Result, error) {
		if strings.HasSuffix(item.Key, "0.jpg") {
			return done()
		}
		return engine.Result{Outcome: report.Retry, Reason: "access-denied", Err: store.ErrDenied}, nil
	}}
	run := newRun(t, 100, w)
	run.Limit = engine.NewLimit(1) // several would overtake the one that is done
	if err := run.Do(t.Context()); err != nil || run.Tally.Now().Failed != 90 {
		t.Errorf("error %v, %+v", err, run.Tally.Now())
	}
}

// A function that renders nothing of what is looked for has another presets.yaml; one that has rendered anything has not.
func TestRunUnseen(t *testing.T) {
	seen := ""
	w := &way{do: func(_ context.Context, item engine.Item, _ int) (engine.Result, error) {
		if item.Key == seen {
			return done()
		}
		return failed(engine.NotSeen, errors.New("small did not appear"))
	}}
	if err := newRun(t, 100, w).Do(t.Context()); !errors.Is(err, engine.ErrUnseen) || !strings.Contains(err.Error(), "is this presets.yaml deployed?") {
		t.Errorf("error %v", err)
	}
	seen = name(3)
	run := newRun(t, 100, w)
	run.Limit = engine.NewLimit(1) // several would overtake the one that is seen
	if err := run.Do(t.Context()); err != nil {
		t.Errorf("error %v", err)
	}
}

// A walk that has no order, as of a file's, leaves out what has ended.
func TestRunResumesList(t *testing.T) {
	j := &journal{due: 3}
	c := open(t, j, about, false)
	if err := c.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{7, 2, 9, 4} {
		if err := c.End(t.Context(), name(i), i == 2); err != nil {
			t.Fatal(err)
		}
	}
	w := &way{}
	run := newRun(t, 10, w)
	run.Checkpoint = open(t, j, about, false)
	if err := run.Do(t.Context()); err != nil || len(w.tries) != 6 || j.data != nil {
		t.Errorf("error %v, rendered %v, left %q", err, w.tries, j.data)
	}
}

// What ends a run keeps the rest for the next one.
func TestRunEnds(t *testing.T) {
	broken := errors.New("no such function")
	for name, c := range map[string]struct {
		do    func(context.Context, engine.Item, int) (engine.Result, error)
		alter func(*engine.Run)
		want  error
	}{
		"by the way": {func(context.Context, engine.Item, int) (engine.Result, error) { return engine.Result{}, broken }, nil, broken},
		"refused": {func(context.Context, engine.Item, int) (engine.Result, error) {
			return engine.Result{Outcome: report.Retry, Reason: "access-denied", Err: fmt.Errorf("key: %w", store.ErrDenied)}, nil
		}, nil, engine.ErrRefused},
		"by what it costs": {nil, func(r *engine.Run) {
			r.Spend = func(int) error {
				if r.Tally.Now().Done > 10 {
					return broken
				}
				return nil
			}
		}, broken},
		"by the walk": {nil, func(r *engine.Run) {
			inner := r.Items
			r.Items = func(ctx context.Context) iter.Seq2[engine.Item, error] {
				return func(yield func(engine.Item, error) bool) {
					for item := range inner(ctx) {
						if item.Key > "originals/050" {
							yield(engine.Item{}, broken)
							return
						}
						if !yield(item, nil) {
							return
						}
					}
				}
			}
		}, broken},
		"by the checkpoint": {nil, func(r *engine.Run) {
			j := &journal{due: 100, fails: broken}
			r.Checkpoint, _ = engine.OpenCheckpoint(context.Background(), j, nil, false)
		}, broken},
		"by the failures": {func(context.Context, engine.Item, int) (engine.Result, error) { return failed("corrupt", nil) },
			func(r *engine.Run) { r.Failures.Path += "/no/folder" }, os.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			w := &way{do: c.do}
			run := newRun(t, 100, w)
			if c.alter != nil {
				c.alter(run)
			}
			if err := run.Do(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if len(w.tries) >= 100 {
				t.Error("it went on to the end")
			}
		})
	}
}

// One Ctrl-C lets what is in flight end, and cuts waits short; two end that too.
func TestRunStopped(t *testing.T) {
	for _, twice := range []bool{false, true} {
		t.Run(map[bool]string{false: "once", true: "twice"}[twice], func(t *testing.T) {
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			stop, started := make(chan struct{}), make(chan struct{}, 100)
			release := make(chan struct{})
			var ended atomic.Int64
			w := &way{do: func(ctx context.Context, item engine.Item, _ int) (engine.Result, error) {
				started <- struct{}{}
				if item.Key == name(0) {
					return again(errors.New("reset")) // waits for ever, unless stopped
				}
				select {
				case <-release:
					ended.Add(1)
					return done()
				case <-ctx.Done():
					return again(ctx.Err())
				}
			}}
			j := &journal{due: 100}
			run := newRun(t, 100, w)
			run.Stop = stop
			run.Retry = engine.Retry{}
			var err error
			if run.Checkpoint, err = engine.OpenCheckpoint(t.Context(), j, nil, false); err != nil {
				t.Fatal(err)
			}
			go func() {
				for range 4 {
					<-started
				}
				close(stop)
				if twice {
					kill()
				} else {
					close(release)
				}
			}()
			err = run.Do(ctx)
			want, wantDone := engine.ErrStopped, int64(3)
			if twice {
				want, wantDone = context.Canceled, 0
			}
			if got := run.Tally.Now().Done; got != wantDone || ended.Load() != wantDone {
				t.Errorf("%d ended, want %d", got, wantDone)
			}
			if !errors.Is(err, want) && (!twice || !errors.Is(err, engine.ErrStopped)) {
				t.Errorf("error %v, want %v", err, want)
			}
			if n := strings.Count(string(j.data), `"done"`); int64(n) != wantDone {
				t.Errorf("the journal has %d:\n%s", n, j.data)
			}
		})
	}
}

// A run that is stopped at its last original has come to its end when that has.
func TestRunStoppedAtTheEnd(t *testing.T) {
	stop := make(chan struct{})
	w := &way{do: func(_ context.Context, item engine.Item, _ int) (engine.Result, error) {
		if item.Key == name(9) {
			time.Sleep(20 * time.Millisecond) // the walk ends meanwhile
			close(stop)
			time.Sleep(20 * time.Millisecond)
		}
		return done()
	}}
	run := newRun(t, 10, w)
	run.Stop = stop
	if err := run.Do(t.Context()); err != nil || run.Tally.Now().Done != 10 {
		t.Errorf("error %v, %+v", err, run.Tally.Now())
	}
}

// The bytes of the originals in flight are bounded, and one that is larger than that goes alone.
func TestRunMemory(t *testing.T) {
	var held, peak atomic.Int64
	w := &way{do: func(_ context.Context, item engine.Item, _ int) (engine.Result, error) {
		now := held.Add(item.Size)
		for old := peak.Load(); now > old && !peak.CompareAndSwap(old, now); old = peak.Load() {
		}
		held.Add(-item.Size)
		return done()
	}}
	run := newRun(t, 100, w)
	run.Memory = 20
	inner := run.Items
	run.Items = func(ctx context.Context) iter.Seq2[engine.Item, error] {
		return func(yield func(engine.Item, error) bool) {
			for item := range inner(ctx) {
				if item.Key == name(50) {
					item.Size = 1000
				}
				if !yield(item, nil) {
					return
				}
			}
		}
	}
	if err := run.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := peak.Load(); got != 1000 {
		t.Errorf("%d bytes at once, want 1000", got)
	}
}
