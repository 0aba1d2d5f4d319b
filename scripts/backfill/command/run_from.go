package command

import (
	"context"
	"iter"
	"os"
	"strings"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/survey"
)

// What --from names, besides a file.
const (
	fromFailed = "failed"
	fromQueue  = "dlq://"
)

const runFrom = `Without --from, the originals are those of the bucket. What failed is made up for by
  --from failed        the originals that have a failure record below resized/failed/. Each is tried in full, and the record goes
                       when it succeeds. --prefix, --match and --max-objects select among them; --reason does by what the
                       record says, for a GET each, once for the plan and once for the run
  --from dlq://QUEUE   the messages of a queue of dead letters, by its URL, with or without https://, or its name: what Lambda,
                       SQS or EventBridge gave up, created and removed originals. A message is deleted when nothing is left to
                       do: when its originals are rendered or removed, or can never be rendered (then it is in --failures,
                       and has a failure record). What a retry may mend stays in the queue, and so does what cannot be read or is
                       about another bucket. The queue is the checkpoint. --via lambda invokes the function with the very
                       event and waits for its answer; --dry-run only looks, which SQS counts as a delivery
  --from FILE          a file of failures that a run wrote, or of keys, one a line; a file named "failed" is ./failed`

func (r *run) fromQueue() bool { return strings.HasPrefix(r.from, fromQueue) }

// fromFile says whether the originals are those that a file lists.
func (r *run) fromFile() bool { return r.from != "" && r.from != fromFailed && !r.fromQueue() }

// checkFrom refuses to select among originals of which nothing but the key is known.
func (r *run) checkFrom() error {
	if len(r.reasons) > 0 && r.from != fromFailed {
		return usage("--reason is for --from failed, whose records have reasons; leave it out")
	}
	if r.sqsEndpoint != "" && !r.fromQueue() {
		return usage("--sqs-endpoint-url is for --from dlq://QUEUE; leave it out")
	}
	if r.from == "" {
		return nil
	}
	for _, flag := range []struct {
		name      string
		set, fine bool
	}{
		{"prefix", r.Prefix != "", r.from == fromFailed}, {"match", r.Match != "", r.from == fromFailed},
		{"max-objects", r.MaxObjects != 0, r.from == fromFailed}, {"preset", len(r.Presets) > 0, !r.fromQueue()},
		{"since", r.Since != "", false}, {"inventory", r.inventory != "", false},
	} {
		if flag.set && !flag.fine {
			return usage("--from takes its originals from %s, and --%s would select among those of the bucket; leave one of them out", r.whence(), flag.name)
		}
	}
	if r.Only != "" && (r.Only != onlyAll || r.fromQueue()) {
		return usage("--only is %q with --from, which renders what is missing and what is stale; all is right, or nothing", r.Only)
	}
	switch {
	case r.fromQueue():
		return r.checkQueue()
	case r.from == fromFailed:
		return nil
	}
	if _, err := os.Stat(r.from); err != nil {
		return usage("--from is %q: %w; failed, dlq://QUEUE, or a file of failures or of keys, one a line, is right", r.from, err)
	}
	return nil
}

// whence is where --from takes its originals from, in words.
func (r *run) whence() string {
	switch {
	case r.fromQueue():
		return "a queue"
	case r.from == fromFailed:
		return "the failure records"
	}
	return "a file"
}

// quarantined are the items that have a failure record. Each is tried in full: a look that finds nothing missing or stale
// would leave the record where it is.
func (w *walk) quarantined(ctx context.Context, s *selection, ended func(key string) bool) iter.Seq2[engine.Item, error] {
	return func(yield func(engine.Item, error) bool) {
		records := &engine.Quarantined{
			Config: w.at.Config, Records: w.at.Variants, Prefix: s.Prefix, After: w.checkpoint.Through(), Reasons: w.reasons,
		}
		for key, err := range records.Walk(ctx) {
			if err == nil && (!s.selected(w.at.Config, survey.Original{Info: store.Info{Key: key}}) || ended(key)) {
				continue
			}
			if err == nil && !s.take() {
				return
			}
			if !yield(engine.Item{Key: key, Size: -1, Presets: s.Presets}, err) {
				return
			}
		}
	}
}
