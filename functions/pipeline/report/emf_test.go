package report_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"
)

// units are those of the EMF schema that count, weigh or time something; the schema has rates besides.
var units = regexp.MustCompile(`^(Seconds|Microseconds|Milliseconds|Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Percent|Count|None)$`)

// checkEMF holds a line to the rules of CloudWatch's Embedded Metric Format specification and its JSON schema, and
// gives the root.
func checkEMF(t *testing.T, line []byte) map[string]any {
	t.Helper()
	if len(line) > 1<<20 || bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
		t.Errorf("not one line below 1 MiB: %.200q", line)
	}
	var document struct {
		AWS *struct {
			Timestamp         *int64
			CloudWatchMetrics []struct {
				Namespace  *string
				Dimensions [][]string
				Metrics    []struct {
					Name              string
					Unit              string
					StorageResolution *int
				}
			}
		} `json:"_aws"`
	}
	root := object(t, line)
	strict := json.NewDecoder(bytes.NewReader(mustMarshal(t, root["_aws"])))
	strict.DisallowUnknownFields() // "objects MUST NOT contain any additional members"
	if err := strict.Decode(&document.AWS); err != nil || document.AWS == nil || document.AWS.Timestamp == nil {
		t.Fatalf("_aws: %v in %s", err, line)
	}
	if stamp := *document.AWS.Timestamp; stamp < 1e12 || stamp > 1e13 {
		t.Errorf("timestamp %d is not in milliseconds", stamp)
	}
	for _, d := range document.AWS.CloudWatchMetrics {
		if d.Namespace == nil || len(*d.Namespace) < 1 || len(*d.Namespace) > 255 {
			t.Errorf("namespace of %s", line)
		}
		if len(d.Dimensions) < 1 {
			t.Error("no dimension sets")
		}
		for _, set := range d.Dimensions {
			if set == nil || len(set) > 30 {
				t.Errorf("dimension set %q", set)
			}
			for _, name := range set {
				value, ok := root[name].(string)
				if !ok || value == "" || len(value) > 1024 || len(name) < 1 || len(name) > 255 {
					t.Errorf("dimension %q is %v at the root", name, root[name])
				}
			}
		}
		if len(d.Metrics) < 1 || len(d.Metrics) > 100 {
			t.Errorf("%d metrics in a directive", len(d.Metrics))
		}
		var names []string
		for _, m := range d.Metrics {
			if _, ok := root[m.Name].(float64); !ok || m.Name == "" || len(m.Name) > 255 {
				t.Errorf("metric %q is %v at the root", m.Name, root[m.Name])
			}
			if !units.MatchString(m.Unit) {
				t.Errorf("metric %q is in %q", m.Name, m.Unit)
			}
			names = append(names, m.Name)
		}
		if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("a metric is named twice: %q", names)
		}
	}
	return root
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
