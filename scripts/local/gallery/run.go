package gallery

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/presize/presize/scripts/local/lambda"
)

// Observer is what tells the gallery of the runs of the function that makes variants.
func (g *Gallery) Observer() lambda.Observer {
	return lambda.Observer{Started: g.started, Line: g.line, Ended: g.ended, DeadLettered: g.deadLettered}
}

// run changes the original that an invocation is about, unless it was uploaded again since.
func (g *Gallery) run(id string, change func(*entry)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.originals[g.runs[id]]; e != nil {
		change(e)
		g.mark(e.Key)
	}
}

func (g *Gallery) started(invocation lambda.Invocation) {
	g.run(invocation.ID, func(e *entry) {
		e.State, e.Attempt = Running, invocation.Attempt
		e.Reason, e.Error, e.MS, e.outcome = "", "", 0, ""
	})
}

// The function's words for an original that is not there.
const (
	outcomeGone    = "gone"
	outcomeRemoved = "removed"
)

// outcomes are the function's words for what became of an original that is there; "retry" ends in an error.
var outcomes = map[string]State{"done": Done, "failed": Failed, "skipped": Skipped}

func (g *Gallery) line(invocation lambda.Invocation, line string) {
	if isMetrics(line) {
		return
	}
	a, isAccount := readAccount(line)
	if len(line) > maxLine {
		line = strings.ToValidUTF8(line[:maxLine], "") + " …"
	}
	g.run(invocation.ID, func(e *entry) {
		if len(e.Log) < maxLog {
			e.Log = append(e.Log, line)
		}
		if isAccount && a.Original == e.Key {
			g.apply(&e.Original, a)
			e.outcome = a.Outcome
		}
	})
}

func (g *Gallery) ended(invocation lambda.Invocation, result lambda.Result, err error) {
	g.run(invocation.ID, func(e *entry) {
		if e.MS == 0 {
			e.MS = float64(result.Duration.Microseconds()) / 1000
		}
		switch {
		case err != nil:
			e.State = Retrying
			e.Error = cmp.Or(e.Error, failure(err, result.Log))
		case e.outcome == outcomeGone:
			g.vanish(e)
		default:
			e.State = cmp.Or(outcomes[e.outcome], Done) // it may have succeeded without a word
		}
		g.changed.Broadcast()
	})
}

// failure is an error in words. Of a process that ended, its last words say more than its exit status.
func failure(err error, log []string) string {
	var failed *lambda.Error
	if errors.As(err, &failed) && failed.Type == lambda.ExitError && len(log) > 0 {
		return err.Error() + "; its last line: " + log[len(log)-1]
	}
	return err.Error()
}

func (g *Gallery) deadLettered(letter lambda.DeadLetter) {
	g.run(letter.ID, func(e *entry) {
		e.State = Failed
		e.Error = cmp.Or(e.Error, letter.Err.Error())
		e.Reason = "given up after " + strconv.Itoa(letter.Attempts) + " attempts"
		g.changed.Broadcast()
	})
}
