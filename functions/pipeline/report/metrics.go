package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Dimension is a name and a value that CloudWatch keeps a metric by.
type Dimension struct{ Name, Value string }

// reasonName is the dimension that Failures and Retries have besides.
const reasonName = "Reason"

// metric is one value on its way into an EMF document.
type metric struct {
	name  string
	unit  string
	value float64
}

// CloudWatch's units.
const (
	unitCount = "Count"
	unitBytes = "Bytes"
	unitMs    = "Milliseconds"
)

type metadata struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

// Metrics is the account as one line of Embedded Metric Format, with its line feed: without dimensions and, when there
// are any, by all of dimensions together. The error names a namespace or dimension that CloudWatch does not take.
func (o Original) Metrics(now time.Time, namespace string, dimensions ...Dimension) ([]byte, error) {
	metrics := o.metrics()
	root := make(map[string]any, len(metrics)+len(dimensions)+2)
	for _, m := range metrics {
		root[m.name] = m.value
	}
	set := make([]string, len(dimensions))
	for i, d := range dimensions {
		if _, taken := root[d.Name]; taken || d.Name == reasonName || d.Name == "_aws" {
			return nil, fmt.Errorf("metrics: the dimension %q has a name that is taken", d.Name)
		}
		set[i], root[d.Name] = d.Name, d.Value
	}
	if err := check(namespace, dimensions); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	sets := [][]string{{}}
	if len(set) > 0 {
		sets = append(sets, set)
	}
	directives := []directive{{namespace, sets, define(metrics...)}}
	if failure, ok := o.failure(); ok {
		root[reasonName] = word(o.Reason)
		directives = append(directives, directive{namespace, [][]string{{reasonName}}, define(failure)})
	}
	root["_aws"] = metadata{now.UnixMilli(), directives}
	line, err := json.Marshal(root) // sorts the names
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return append(line, '\n'), nil
}

func define(metrics ...metric) []definition {
	definitions := make([]definition, len(metrics))
	for i, m := range metrics {
		definitions[i] = definition{m.name, m.unit}
	}
	return definitions
}

// metrics are the account's values. An event that could not be read is reported as an original without a key, and is
// none.
func (o Original) metrics() []metric {
	originals, variants, bytesOut := 0, 0, int64(0)
	if o.Key != "" {
		originals = 1
	}
	for _, v := range o.Variants {
		if v.Written {
			variants++
			bytesOut += v.Bytes
		}
	}
	all := []metric{
		{"Originals", unitCount, float64(originals)},
		{"Variants", unitCount, float64(variants)},
		{"BytesIn", unitBytes, float64(o.BytesIn)},
		{"BytesOut", unitBytes, float64(bytesOut)},
	}
	for _, one := range o.Stages.reached() {
		all = append(all, metric{one.metric, unitMs, milliseconds(one.took)})
	}
	failures, retries := metric{"Failures", unitCount, 0}, metric{"Retries", unitCount, 0}
	switch o.Outcome {
	case Failed:
		failures.value = 1
	case Retry:
		retries.value = 1
	}
	return append(all, metric{"TotalMs", unitMs, milliseconds(o.Total)}, failures, retries)
}

// failure is the one of metrics that is also kept by reason.
func (o Original) failure() (metric, bool) {
	all := o.metrics()
	i := slices.IndexFunc(all, func(m metric) bool {
		return (m.name == "Failures" || m.name == "Retries") && m.value > 0
	})
	if i < 0 {
		return metric{}, false
	}
	return all[i], true
}
