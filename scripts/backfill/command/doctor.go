package command

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/presize/presize/scripts/backfill/engine"
)

// doctor is the command that gives a verdict on a bucket, and mends what is wrong when it is asked to.
type doctor struct {
	place *place
	selection
	checkupFlags
	treatmentFlags

	shown    int   // keys of each kind that are printed
	json     bool  // print JSON
	commands shell // commands that a verdict names

	in       io.Reader
	out, err io.Writer
	terminal func(any) bool // whether in is one, so that a person can be asked
	meter    *engine.Meter
}

// checkupFlags say how closely it looks.
type checkupFlags struct {
	noRead          bool
	deep            bool
	allowUnreadable bool
	index           string
	parallel        int
	heads           int
}

// treatmentFlags say what is done about what it finds.
type treatmentFlags struct {
	repair     bool
	failures   string
	prune      bool
	yes        bool
	dryRun     bool
	publish    bool
	namespace  string
	cloudWatch string // endpoint
}

func newDoctor(at *place) (*doctor, *cobra.Command) {
	d := &doctor{place: at, terminal: isTerminal, meter: &engine.Meter{}}
	c := &cobra.Command{
		Use:     "doctor --bucket NAME [flags]",
		Short:   "Say whether everything is as presets.yaml asks for, and mend it with --repair and --prune",
		Long:    doctorLong,
		Example: doctorExample,
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			d.in, d.out, d.err = c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr()
			return d.run(c.Context(), c)
		},
	}
	d.flags(c.Flags())
	return d, c
}

// leftOut are selection's flags that are a run's alone: a verdict on a part of what is wrong is none.
var leftOut = []string{"only", "max-objects"}

func (d *doctor) flags(f *pflag.FlagSet) {
	var shared cobra.Command
	d.selection.flags(&shared)
	shared.Flags().VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(leftOut, flag.Name) {
			f.AddFlag(flag)
		}
	})
	f.BoolVar(&d.noRead, "no-read", false, "do not read originals to tell which can never be rendered")
	f.BoolVar(&d.deep, "deep", false, "read every variant, and compare what it is with what its metadata says")
	f.BoolVar(&d.allowUnreadable, "allow-unreadable", false, "originals that can never be rendered are told, and not wrong")
	f.StringVar(&d.index, "index", "", "file that remembers the variants' metadata, or none (default: plan's own)")
	f.IntVar(&d.parallel, "parallel", 16, "ranges of keys to list at a time")
	f.IntVar(&d.heads, "heads", 64, "HEADs at a time")
	f.IntVar(&d.shown, "list", 5, "keys of each kind to print; --json prints all")
	f.BoolVar(&d.json, "json", false, "print JSON")
	f.BoolVar(&d.repair, "repair", false, "render what is missing or stale on this machine, as run --via here does, and look again")
	f.StringVar(&d.failures, "failures", "presize-failures.jsonl", "with --repair: file of the originals that failed, with reasons; only written when there is one")
	f.BoolVar(&d.prune, "prune", false, "delete orphans, dropped and superseded variants, after asking, and look again")
	f.BoolVar(&d.yes, "yes", false, "with --prune: delete without asking")
	f.BoolVar(&d.dryRun, "dry-run", false, "with --repair or --prune: say what would be rendered or deleted, and do neither")
	f.BoolVar(&d.publish, "publish", false, "put the coverage of each preset into CloudWatch")
	f.StringVar(&d.namespace, "namespace", "Presize", "with --publish: namespace of the metrics")
	f.StringVar(&d.cloudWatch, "cloudwatch-endpoint-url", "", "with --publish: a stand-in for CloudWatch (default: AWS)")
}

// messages is where everything goes that is not the verdict: JSON stays alone on its stream.
func (d *doctor) messages() io.Writer {
	if d.json {
		return d.err
	}
	return d.out
}

func (d *doctor) say(format string, args ...any) { _, _ = fmt.Fprintf(d.messages(), format, args...) }

// run checks the flags, opens the place and takes the steps.
func (d *doctor) run(ctx context.Context, c *cobra.Command) error {
	if err := d.check(c); err != nil {
		return err
	}
	at, err := d.place.open(ctx)
	if err != nil {
		return err
	}
	d.commands = newShell(c, at)
	return d.of(ctx, at)
}
