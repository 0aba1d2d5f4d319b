package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// Write draws everything for a terminal of 140 columns: the targets first.
func Write(w io.Writer, run *result.Run) error {
	invocations, err := whole(run)
	if err != nil {
		return err
	}
	means, err := together(run)
	if err != nil {
		return err
	}
	out := &strings.Builder{}
	fmt.Fprintf(out, "%s\n%s\n%d counted uploads of each file by each contestant, fewer where the table says so\n", machine(run), versions(run), run.Rounds)
	for _, g := range []*grid{
		targets(run), corpus(run), contestants(run),
		times(run, "CPU, ms an upload", "Median, and half of the distance between the quartiles in percent of it; user and system, "+
			"all threads, from the original's bytes in memory to every variant's.", cpu, true),
		relative(run, "CPU, by Presize's", "Above 1: Presize takes less.", median(cpu), peers(run)),
		times(run, "wall, ms an upload", "", wall, false),
		relative(run, "wall, by Presize's on one core", "", median(wall), without(names(run), presize)),
		look(run), equals(run), memory(run), invocations,
	} {
		out.WriteString(g.String())
	}
	out.WriteString(means)
	out.WriteString(starts(run).String())
	_, err = io.WriteString(w, out.String())
	return err
}

func without(all []string, name string) []string {
	var kept []string
	for _, one := range all {
		if one != name {
			kept = append(kept, one)
		}
	}
	return kept
}

func targets(run *result.Run) *grid {
	g := &grid{title: "targets", header: []string{"", "target", "measured"}, texts: 3, last: 36}
	for _, t := range Targets(run) {
		g.add(t.State, t.What, t.Figure)
	}
	return g
}

func corpus(run *result.Run) *grid {
	g := &grid{title: "files", header: []string{"file", "about", "pixels", "kilobytes"}, texts: 2}
	for _, f := range run.Files {
		g.add(f.Name, f.About, fmt.Sprintf("%d x %d", f.Width, f.Height), figure(float64(f.Bytes)/1000))
	}
	return g
}

func contestants(run *result.Run) *grid {
	g := &grid{title: "contestants", header: []string{"contestant", "about", "cores"}, texts: 2}
	for _, c := range run.Contestants {
		g.add(c.Name, c.About, strconv.Itoa(c.Cores))
	}
	return g
}

// machine is where it was measured, in a line.
func machine(run *result.Run) string {
	m := run.Machine
	held := "contestants were not held to a core"
	if m.Pinned {
		held = "each contestant held to its cores"
	}
	return fmt.Sprintf("%s, %d cores, %.0f GiB, %s, %s; %s", m.CPU, m.Cores, float64(m.Memory)/(1<<30), m.System, held, m.Date)
}

// versions of what took part, in a line.
func versions(run *result.Run) string {
	var all []string
	for _, v := range run.Versions {
		all = append(all, v.Name+" "+v.Version)
	}
	return strings.Join(all, ", ")
}
