package engine

import (
	"context"
	"iter"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/report"
)

// Item is one original and what is to be rendered of it.
type Item struct {
	Key     string
	ETag    string   // as listed; empty when it was not
	Size    int64    // bytes; -1 when it was not listed
	Presets []string // names; empty: every one that the original gets
	Look    bool     // nobody has looked yet: render only what is missing or stale
}

// Items is the walk over the originals of a run. It ends at an error, and when ctx does.
type Items func(ctx context.Context) iter.Seq2[Item, error]

// change is the item as the pipeline and the function take it.
func (i Item) change(bucket string) event.Change {
	return event.Change{
		Kind: event.Created, Bucket: bucket, Key: i.Key, ETag: i.ETag, Size: i.Size,
		Presets: i.Presets, Stale: i.Look,
	}
}

// Way has originals rendered: here, or by the function.
type Way interface {
	// Do has one original rendered and says what became of it; outcome Retry asks for another try. The error says that no
	// other original would fare better, and ends the run. Do is safe for use by several goroutines.
	Do(ctx context.Context, item Item) (Result, error)
}

// Result is what became of an item.
type Result struct {
	Outcome  report.Outcome
	Reason   string // a short word, when it was not done
	Err      error  // what the word leaves out
	Variants int    // that were written
	Bytes    int64  // of the variants written
}
