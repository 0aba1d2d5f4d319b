package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// journalVersion is what this program writes and reads.
const journalVersion = 1

// line is one line of a journal: one of its fields is set, or Version, About and Started, or Through and the counts.
type line struct {
	Version int       `json:"presizeCheckpoint,omitempty"` //nolint:tagliatelle // it names the file's kind
	About   []Field   `json:"about,omitempty"`
	Started time.Time `json:"started,omitzero"`

	Through  *string `json:"through,omitempty"`
	Ended    int64   `json:"ended,omitempty"`
	Failures int64   `json:"failures,omitempty"`

	Done   string `json:"done,omitempty"`
	Failed string `json:"failed,omitempty"`
}

func (l line) bytes() []byte {
	data, _ := json.Marshal(l) //nolint:errchkjson // nothing in a line can fail
	return append(data, '\n')
}

func endLine(key string, failed bool) []byte {
	if failed {
		return line{Failed: key}.bytes()
	}
	return line{Done: key}.bytes()
}

// rewrite replaces the journal by the shortest that says the same.
func (c *Checkpoint) rewrite(ctx context.Context) error {
	through := c.order.through
	whole := line{Version: journalVersion, About: c.about, Started: c.started}.bytes()
	whole = append(whole, line{
		Through: &through, Ended: c.count.Ended - int64(len(c.above)), Failures: c.count.Failed - c.failedAbove(),
	}.bytes()...)
	for _, key := range slices.Sorted(maps.Keys(c.above)) {
		whole = append(whole, endLine(key, c.above[key])...)
	}
	if err := c.journal.Replace(ctx, whole); err != nil {
		return fmt.Errorf("writing the checkpoint %s: %w; name another place with --checkpoint, or none", c.journal, err)
	}
	c.lines, c.written = 0, time.Now()
	return nil
}

func (c *Checkpoint) failedAbove() int64 {
	var n int64
	for _, failed := range c.above {
		if failed {
			n++
		}
	}
	return n
}

// read takes up what a journal says. A last line without its end is what a kill or a full disk leaves of a write: it is
// left out, and so is a header that never was whole.
func (c *Checkpoint) read(data []byte) error {
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	number := 0
	for text := range bytes.Lines(data) {
		number++
		var l line
		if err := json.Unmarshal(text, &l); err != nil || number == 1 && l.Version == 0 {
			return fmt.Errorf("line %d of the checkpoint %s is none of a checkpoint's; look at what is there, or begin anew with --restart", number, c.journal)
		}
		switch {
		case number == 1:
			if err := c.check(l); err != nil {
				return err
			}
			c.started = l.Started
		case l.Through != nil:
			c.order.through = *l.Through
			c.count = Count{l.Ended, l.Failures}
		case l.Done != "":
			c.add(l.Done, false)
		case l.Failed != "":
			c.add(l.Failed, true)
		}
	}
	return nil
}

func (c *Checkpoint) add(key string, failed bool) {
	if _, known := c.above[key]; known {
		return
	}
	c.above[key] = failed
	c.count.Ended++
	if failed {
		c.count.Failed++
	}
}

// ForeignError says that a checkpoint is of another run.
type ForeignError struct {
	Name        string
	Differences []string
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("the checkpoint %s is of another run: %s; repeat that run's flags to resume it, begin anew with --restart, or keep both apart with --checkpoint",
		e.Name, strings.Join(e.Differences, "; "))
}

// check compares a journal's header with this run.
func (c *Checkpoint) check(header line) error {
	if header.Version != journalVersion {
		return fmt.Errorf("the checkpoint %s has version %d and this program writes %d; begin anew with --restart", c.journal, header.Version, journalVersion)
	}
	were := map[string]string{}
	for _, f := range header.About {
		were[f.Name] = f.Value
	}
	var differences []string
	for _, is := range c.about {
		if was := were[is.Name]; was != is.Value {
			differences = append(differences, fmt.Sprintf("%s was %q and is %q", is.Name, was, is.Value))
		}
	}
	if len(differences) > 0 {
		return &ForeignError{c.journal.String(), differences}
	}
	return nil
}
