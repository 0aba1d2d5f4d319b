package main_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/scripts/local/machine"
)

// listen collects the completion events from now on; what it returns gives them once the functions are done.
func listen(t *testing.T, m *machine.Machine) func() []report.Completion {
	t.Helper()
	subscription := m.Gallery.Subscribe()
	t.Cleanup(subscription.Close)
	next := func() (raw [][]byte) {
		for {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			update, err := subscription.Next(ctx)
			cancel()
			if err != nil {
				return raw
			}
			for _, c := range update.Completions {
				raw = append(raw, c.Event)
			}
		}
	}
	next()
	return func() []report.Completion {
		t.Helper()
		var all []report.Completion
		for _, data := range next() {
			check(t, "completion", data)
			c, err := report.DecodeCompletion(data)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		return all
	}
}

// of are the statuses of an original's events, in their order.
func of(all []report.Completion, key string) []report.Status {
	var statuses []report.Status
	for _, c := range all {
		if c.Original.Key == key {
			statuses = append(statuses, c.Status)
		}
	}
	return statuses
}

// checkEvents looks for an original's completion events, of which there is at least one.
func checkEvents(t *testing.T, all []report.Completion, key string, want report.Status) {
	t.Helper()
	if got := of(all, key); !slices.Contains(got, want) || len(slices.Compact(got)) != 1 {
		t.Errorf("%s: completion events %q, want %q", key, got, want)
	}
}
