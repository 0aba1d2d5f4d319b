package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

// render renders what is missing or stale by the very command that does: run --via here, of what is selected. What fails there is
// told, and shows in the look that follows. It keeps no checkpoint: whatever stopped it, the next look finds what is left.
func (d *doctor) render(ctx context.Context) error {
	r := &run{place: d.place, given: func(string) bool { return false }}
	r.flags(&cobra.Command{}) // their defaults
	r.selection, r.index, r.failures, r.dryRun = d.selection, d.index, d.failures, d.dryRun
	r.checkpoint = "none"
	r.out, r.err, r.command = d.messages(), d.err, d.commands.again
	err := r.run(ctx)
	if e, ok := errors.AsType[*exitError](err); ok && e.code == exitFailed && e.err == nil {
		return nil
	}
	return err
}
