package report

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// whole is a row for each whole invocation.
func whole(run *result.Run) (*grid, error) {
	g := &grid{
		title: "whole invocations, warm",
		about: "From the event to its answer through the Lambda Runtime API, original from S3 and variants to S3, with an S3 " +
			"server on this machine: on AWS both wait longer for it. Dollars are per million uploads on x86-64 with 1,769 MB in " +
			"us-east-1: Lambda's time and requests, and S3's requests.",
		header: []string{
			"file", "contestant", "CPU ms", "wall ms", "per second\nand core", "$ Lambda", "$ S3", "$ together", "S3 requests",
		},
		texts: 2,
	}
	last := ""
	for _, i := range run.Invocations {
		name := i.File
		if name == last {
			name = ""
		}
		last = i.File
		if i.Cannot != "" || len(i.Samples) == 0 {
			g.add(name, i.Contestant, missing+g.notes.marks([]string{i.Contestant + " cannot: " + i.Cannot}))
			continue
		}
		ms := Median(values(i.Samples, wall))
		d, err := PerMillion(ms, i.Requests)
		if err != nil {
			return nil, err
		}
		g.add(name, i.Contestant, around(values(i.Samples, cpu)), around(values(i.Samples, wall)), figure(1000/ms),
			fmt.Sprintf("%.2f", d.Compute), fmt.Sprintf("%.2f", d.Requests), fmt.Sprintf("%.2f", d.Total()), requests(i.Requests))
	}
	return g, nil
}

// requests in the order of what they do.
func requests(all map[string]int) string {
	order := []string{"LIST", http.MethodHead, http.MethodGet, http.MethodPut}
	for name := range all {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	slices.Sort(order[4:])
	var out []string
	for _, name := range order {
		if all[name] > 0 {
			out = append(out, fmt.Sprintf("%d %s", all[name], name))
		}
	}
	return strings.Join(out, ", ")
}

// together is blog's by Presize's over the files that both were invoked for.
func together(run *result.Run) (string, error) {
	by := map[string]map[string]result.Invocation{}
	for _, i := range invocations(run) {
		if by[i.File] == nil {
			by[i.File] = map[string]result.Invocation{}
		}
		by[i.File][i.Contestant] = i
	}
	var cpus, walls, dollars []float64
	for _, both := range by {
		ours, ok := both[presize]
		theirs, too := both[blog]
		if !ok || !too {
			continue
		}
		a, b := Median(values(ours.Samples, wall)), Median(values(theirs.Samples, wall))
		mine, err := PerMillion(a, ours.Requests)
		if err != nil {
			return "", err
		}
		other, err := PerMillion(b, theirs.Requests)
		if err != nil {
			return "", err
		}
		cpus = append(cpus, Median(values(theirs.Samples, cpu))/Median(values(ours.Samples, cpu)))
		walls, dollars = append(walls, b/a), append(dollars, other.Total()/mine.Total())
	}
	if len(cpus) == 0 {
		return "", nil
	}
	return fmt.Sprintf("blog's by Presize's, geometric mean over %s: CPU %s, wall %s, dollars %s\n", files(len(cpus)),
		figure(GeometricMean(cpus)), figure(GeometricMean(walls)), figure(GeometricMean(dollars))), nil
}

// starts is a row for each kind of cold start.
func starts(run *result.Run) *grid {
	g := &grid{
		title: "cold starts",
		about: "From the process's start to the first thumbnail stored in S3, with the function's files in the page cache or " +
			"dropped from it.",
		header: []string{"file", "contestant", "its files", "ms", "starts", "peak RSS, MiB"},
		texts:  3,
	}
	for _, c := range run.Cold {
		ms := missing
		if len(c.Samples) > 0 {
			ms = around(c.Samples)
		}
		g.add(c.File, c.Contestant, c.Cache, ms, strconv.Itoa(len(c.Samples)), figure(float64(c.Peak)/(1<<20)))
	}
	return g
}
