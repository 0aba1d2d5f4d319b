package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/report"
)

const (
	functionSets = `[[], ["Function"]]`
	always       = `{"Name": "Originals", "Unit": "Count"}, {"Name": "Variants", "Unit": "Count"},
		{"Name": "BytesIn", "Unit": "Bytes"}, {"Name": "BytesOut", "Unit": "Bytes"}`
	totals = `{"Name": "TotalMs", "Unit": "Milliseconds"}, {"Name": "Failures", "Unit": "Count"}, {"Name": "Retries", "Unit": "Count"}`
	stages = `{"Name": "FetchMs", "Unit": "Milliseconds"}, {"Name": "ProbeMs", "Unit": "Milliseconds"},
		{"Name": "MasterMs", "Unit": "Milliseconds"}, {"Name": "RenderMs", "Unit": "Milliseconds"}, {"Name": "UploadMs", "Unit": "Milliseconds"}`
)

// byReason is the directive of a failure.
func byReason(metric string) string {
	return `, {"Namespace": "Presize", "Dimensions": [["Reason"]], "Metrics": [{"Name": "` + metric + `", "Unit": "Count"}]}`
}

// document is an EMF document of members at the root, definitions of stages and a further directive.
func document(members, stages, further string) string {
	if stages != "" {
		stages = ", " + stages
	}
	return `{"Function": "resize", ` + members + `, "_aws": {"Timestamp": 1773480413589, "CloudWatchMetrics": [
		{"Namespace": "Presize", "Dimensions": ` + functionSets + `, "Metrics": [` + always + stages + `, ` + totals + `]}` + further + `]}}`
}

func TestMetrics(t *testing.T) {
	for name, c := range map[string]struct {
		original report.Original
		want     string
	}{
		"done": {done(), document(`"Originals": 1, "Variants": 2, "BytesIn": 5000000, "BytesOut": 24000, "FetchMs": 50,
			"ProbeMs": 0.042, "MasterMs": 70, "RenderMs": 57.346, "UploadMs": 64, "VerifyMs": 8, "TotalMs": 200, "Failures": 0, "Retries": 0`,
			stages+`, {"Name": "VerifyMs", "Unit": "Milliseconds"}`, "")},
		"failed": {failed(), document(`"Originals": 1, "Variants": 2, "BytesIn": 5000000, "BytesOut": 24000, "FetchMs": 50,
			"ProbeMs": 0.042, "MasterMs": 70, "RenderMs": 57.346, "UploadMs": 64, "TotalMs": 200, "Failures": 1, "Retries": 0,
			"Reason": "key-taken"`, stages, byReason("Failures"))},
		"retry": {short(report.Retry, "transient", errors.New("SlowDown")), document(`"Originals": 1, "Variants": 0,
			"BytesIn": 0, "BytesOut": 0, "TotalMs": 1.5, "Failures": 0, "Retries": 1, "Reason": "transient"`, "", byReason("Retries"))},
		"skipped": {short(report.Skipped, "not-below-originals", nil), document(`"Originals": 1, "Variants": 0, "BytesIn": 0,
			"BytesOut": 0, "TotalMs": 1.5, "Failures": 0, "Retries": 0`, "", "")},
		"malformed event": {report.Original{Outcome: report.Failed, Reason: "malformed-event"}, document(`"Originals": 0,
			"Variants": 0, "BytesIn": 0, "BytesOut": 0, "TotalMs": 0, "Failures": 1, "Retries": 0, "Reason": "malformed-event"`,
			"", byReason("Failures"))},
		"no reason": {short(report.Failed, " ", nil), document(`"Originals": 1, "Variants": 0, "BytesIn": 0, "BytesOut": 0,
			"TotalMs": 1.5, "Failures": 1, "Retries": 0, "Reason": "unknown"`, "", byReason("Failures"))},
		"odd reason": {short(report.Failed, "zu groß\n", nil), document(`"Originals": 1, "Variants": 0, "BytesIn": 0, "BytesOut": 0,
			"TotalMs": 1.5, "Failures": 1, "Retries": 0, "Reason": "zu gro-"`, "", byReason("Failures"))},
	} {
		t.Run(name, func(t *testing.T) {
			line, err := c.original.Metrics(now, "Presize", report.Dimension{Name: "Function", Value: "resize"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(object(t, []byte(c.want)), checkEMF(t, line)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			again, err := c.original.Metrics(now, "Presize", report.Dimension{Name: "Function", Value: "resize"})
			if err != nil || !bytes.Equal(line, again) {
				t.Errorf("two documents of one account: %v\n%s%s", err, line, again)
			}
		})
	}
}

func TestMetricsRefuse(t *testing.T) {
	many := make([]report.Dimension, 31)
	for i := range many {
		many[i] = report.Dimension{Name: fmt.Sprintf("D%d", i), Value: "v"}
	}
	for name, c := range map[string]struct {
		namespace  string
		dimensions []report.Dimension
		says       string
	}{
		"no namespace":      {"", nil, `namespace ""`},
		"long namespace":    {strings.Repeat("n", 256), nil, "namespace"},
		"colon":             {":Presize", nil, "namespace"},
		"31 dimensions":     {"Presize", many, "31 dimensions"},
		"no name":           {"Presize", []report.Dimension{{Value: "v"}}, `dimension name ""`},
		"no value":          {"Presize", []report.Dimension{{Name: "Stage"}}, "dimension Stage"},
		"value of no ASCII": {"Presize", []report.Dimension{{Name: "Stage", Value: "prüf"}}, "dimension Stage"},
		"twice":             {"Presize", []report.Dimension{{Name: "A", Value: "1"}, {Name: "A", Value: "2"}}, "taken"},
		"a metric's name":   {"Presize", []report.Dimension{{Name: "Variants", Value: "v"}}, "taken"},
		"the reason's name": {"Presize", []report.Dimension{{Name: "Reason", Value: "v"}}, "taken"},
	} {
		t.Run(name, func(t *testing.T) {
			if line, err := done().Metrics(now, c.namespace, c.dimensions...); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v (%s), want %q", err, line, c.says)
			}
		})
	}
}

func TestMeter(t *testing.T) {
	var out writes
	m := report.NewMeter(&out, "Presize", "")
	m.Now = func() time.Time { return now }
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			o := done()
			o.BytesIn = int64(i)
			if err := m.Count(o); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[float64]bool{}
	for _, line := range out {
		root := checkEMF(t, line)
		seen[root["BytesIn"].(float64)] = true
		if _, ok := root["Function"]; ok {
			t.Error("a dimension without a value")
		}
	}
	if len(out) != 64 || len(seen) != 64 {
		t.Errorf("%d writes of %d originals, want 64", len(out), len(seen))
	}
}

// writes remembers each Write, which Meter does not do at the same time.
type writes [][]byte

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, bytes.Clone(p))
	return len(p), nil
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestMeterErrors(t *testing.T) {
	if err := report.NewMeter(broken{}, "Presize", "resize").Count(done()); !errors.Is(err, errBroken) {
		t.Errorf("%v, want the writer's error", err)
	}
	var out writes
	if err := report.NewMeter(&out, "", "resize").Count(done()); err == nil || len(out) > 0 {
		t.Errorf("%v and %d writes of metrics without a namespace", err, len(out))
	}
}
