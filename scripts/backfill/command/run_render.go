package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"

	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// memoryPerCore bounds the bytes of the originals in flight for each processor.
const memoryPerCore = 64 << 20

func size(bytes int64) string { return humanize.IBytes(uint64(max(0, bytes))) }

// render runs the engine and says how it went.
func (r *run) render(ctx context.Context, at *site, w *walk, work price.Work, interrupts *interrupts) error {
	way, refresh, err := r.way(ctx, at, work)
	if err != nil {
		return errors.Join(err, w.checkpoint.Close(ctx))
	}
	if refresh != nil && w.checkpoint.Before().Ended > 0 {
		refresh.Everything()
	}
	failures := r.newFailures(w.checkpoint.Before().Ended > 0)
	if err := failures.Check(); err != nil {
		return errors.Join(err, w.checkpoint.Close(ctx))
	}
	r.tally.Total, r.tally.Dollars, r.tally.InFlight = work.Originals, r.spent, r.limit.Now
	stop := func() {}
	if !r.quiet {
		progress := &engine.Progress{Out: r.err, Tally: r.tally, Terminal: isTerminal(r.err)}
		stop = progress.Show()
	}
	err = (&engine.Run{
		Items: w.items, Way: way, Limit: r.limit, Checkpoint: w.checkpoint, Failures: failures, Tally: r.tally,
		Memory: r.memory(), Spend: r.spend(work), Stop: interrupts.running(),
	}).Do(ctx)
	stop()
	now := r.tally.Now()
	r.summary(now, failures, err == nil)
	unrefreshed := r.flush(ctx, refresh)
	if err != nil {
		_, _ = fmt.Fprintf(r.out, "To go on where it stopped: %s\n", r.command)
		return errors.Join(err, unrefreshed)
	}
	if unrefreshed != nil {
		return unrefreshed
	}
	if err := r.failedBefore(w.checkpoint); err != nil || now.Failed == 0 {
		return err
	}
	return &exitError{code: exitFailed}
}

// failedBefore tells of the failures of the runs that this one resumed.
func (r *run) failedBefore(checkpoint *engine.Checkpoint) error {
	before := checkpoint.Before()
	if before.Failed == 0 {
		return nil
	}
	_, _ = fmt.Fprintf(r.out, "%s failed before this run resumed; they are in the file of failures as well.\n", count(before.Failed))
	return &exitError{code: exitFailed}
}

// renderer is who renders, by listing and by dead letters.
type renderer interface {
	engine.Way
	engine.Replayer
}

func (r *run) way(ctx context.Context, at *site, work price.Work) (renderer, *engine.Refresher, error) {
	if r.via == string(price.Lambda) {
		way, err := r.lambda(ctx, at, work)
		return way, nil, err
	}
	return r.here(ctx, at, runtime.GOMAXPROCS(0))
}

func (r *run) memory() int64 {
	if r.via == string(price.Lambda) {
		return 0
	}
	return memoryPerCore * int64(runtime.GOMAXPROCS(0))
}

// summary says what was done, what failed, and how that is done again.
func (r *run) summary(now engine.Counts, failures *engine.Failures, finished bool) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }
	say("%s originals rendered, %s variants written (%s), in %s: %.1f/s. %s retries, %s of them throttled. %s so far.\n",
		count(now.Done), count(now.Variants), size(now.Bytes), length(now.Took.Seconds()), now.PerSecond(),
		count(now.Retries), count(now.Throttled), dollars(now.Dollars))
	if now.Skipped > 0 || now.Gone > 0 {
		say("%s needed nothing after all, %s are gone.\n", count(now.Skipped), count(now.Gone))
	}
	if now.Removed > 0 {
		say("%s had been deleted, and their variants are gone now.\n", count(now.Removed))
	}
	if now.Failed == 0 {
		return
	}
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(now.Reasons)) {
		reasons = append(reasons, fmt.Sprintf("%s %s", count(now.Reasons[reason]), reason))
	}
	where := failures.Where()
	if finished {
		where = failures.Path
	}
	say("%s failed: %s. They are in %s; once more: backfill run --bucket %s%s --from %s\n",
		count(now.Failed), strings.Join(reasons, ", "), where, quote(r.place.Bucket), r.again(), quote(where))
}

// again is what else the command needs that takes the failures again.
func (r *run) again() string {
	var text strings.Builder
	for _, f := range []struct{ name, value, unless string }{
		{"target-bucket", r.place.Target, ""},
		{"presets", r.place.Presets, "presets.yaml"},
		{"endpoint-url", r.place.Endpoint, ""},
		{"region", r.place.Region, ""},
		{"via", r.via, "here"},
		{"function", r.function, defaultFunction},
		{"lambda-endpoint-url", r.lambdaEndpoint, ""},
		{"base-url", r.baseURL, ""},
		{"distribution-id", r.distribution, ""},
	} {
		if f.value != f.unless {
			text.WriteString(" --" + f.name + " " + quote(f.value))
		}
	}
	return text.String()
}

func isTerminal(out any) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
