package engine

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Quarantined are the originals that have a failure record, in the order of the records' keys.
type Quarantined struct {
	Config  *preset.Config
	Records store.Objects
	Prefix  string   // of originals, below the originals prefix
	After   string   // only originals whose record stands behind that of this one; empty: all
	Reasons []string // only originals that failed for one of these; empty: all, and no record is read
}

// recordsAhead is how many records are read at the same time.
const recordsAhead = 64

// errLeft ends a walk that nobody follows any more.
var errLeft = errors.New("nobody takes the originals")

// Walk yields their keys, each once. It holds no more than one page of the listing and the records that are being read.
func (q *Quarantined) Walk(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		var working sync.WaitGroup
		defer working.Wait()
		defer cancel(errLeft)
		prefix := folder(q.Config, preset.FailedRecord)
		after := ""
		if q.After != "" {
			after, _ = q.Config.FailureKey(q.After) // it was one of them
		}
		answers := make(chan chan answer, recordsAhead)
		working.Go(func() { q.ask(ctx, answers, prefix+q.Prefix, after) })
		for waiting := range answers {
			a := <-waiting
			if a.err == nil && !a.meant {
				continue
			}
			if !yield(a.original, a.err) || a.err != nil {
				return
			}
		}
		if ctx.Err() != nil {
			yield("", context.Cause(ctx)) // where the walk was stopped, not where it ends
		}
	}
}

// answer is about one record.
type answer struct {
	original string
	meant    bool // it failed for one of the reasons
	err      error
}

// ask lists the records and reads them, several at a time, in order.
func (q *Quarantined) ask(ctx context.Context, answers chan<- chan answer, prefix, after string) {
	var reading sync.WaitGroup
	defer reading.Wait()
	defer close(answers)
	put := func() chan answer {
		one := make(chan answer, 1)
		select {
		case answers <- one:
			return one
		case <-ctx.Done():
			return nil
		}
	}
	for info, err := range q.Records.List(ctx, prefix, after) {
		original, record, ok := q.Config.OriginalOfRecord(info.Key)
		if err == nil && (!ok || record != preset.FailedRecord) {
			continue
		}
		one := put()
		switch {
		case one == nil:
			return
		case err != nil:
			one <- answer{err: err}
			return
		case len(q.Reasons) == 0:
			one <- answer{original: original, meant: true}
		default:
			reading.Go(func() {
				meant, err := q.meant(ctx, info.Key)
				one <- answer{original, meant, err}
			})
		}
	}
}

// meant says whether a record names one of the reasons: that of the original, or of one of its presets.
func (q *Quarantined) meant(ctx context.Context, key string) (bool, error) {
	data, err := read(ctx, q.Records, key)
	if err != nil || data == nil {
		return false, err
	}
	record, err := report.DecodeFailure(data)
	if err != nil {
		return false, nil //nolint:nilerr // whatever it says, it is none of the reasons
	}
	return slices.Contains(q.Reasons, record.Reason) || slices.ContainsFunc(record.Failures, func(f report.Failure) bool {
		return slices.Contains(q.Reasons, f.Reason)
	}), nil
}
