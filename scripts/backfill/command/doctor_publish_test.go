package command_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/store"
)

// cloud is a stand-in for CloudWatch that takes PutMetricData, or denies it.
type cloud struct {
	t         *testing.T
	url       string
	denies    bool
	namespace string
	metrics   []string
}

func openCloud(t *testing.T) *cloud {
	c := &cloud{t: t}
	listener := httptest.NewServer(c)
	t.Cleanup(listener.Close)
	c.url = listener.URL
	return c
}

func (c *cloud) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	out.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	out.Header().Set("Content-Type", "application/cbor")
	if c.denies {
		out.WriteHeader(http.StatusForbidden)
		_, _ = out.Write(cbor.Encode(cbor.Map{"__type": cbor.String("com.amazonaws.cloudwatch#AccessDenied"), "message": cbor.String("no")}))
		return
	}
	body, _ := io.ReadAll(r.Body)
	value, err := cbor.Decode(body)
	if err != nil || r.Method != http.MethodPost {
		c.t.Errorf("%s %s: %v", r.Method, r.URL, err)
		return
	}
	request := value.(cbor.Map)
	c.namespace = string(request["Namespace"].(cbor.String))
	for _, each := range request["MetricData"].(cbor.List) {
		m := each.(cbor.Map)
		line := fmt.Sprintf("%s %v %s", m["MetricName"], m["Value"], m["Unit"])
		for _, each := range m["Dimensions"].(cbor.List) {
			d := each.(cbor.Map)
			line += fmt.Sprintf(" %s=%s", d["Name"], d["Value"])
		}
		c.metrics = append(c.metrics, line)
	}
	_, _ = out.Write(cbor.Encode(cbor.Map{}))
}

func TestDoctorPublish(t *testing.T) {
	w, c := leftovers(t), openCloud(t)
	w.original("new.jpg")
	w.variant("poster/gone.jpg", store.Info{Key: "originals/gone.jpg"}, "poster")
	args := slices.Concat(w.args, []string{"--publish", "--cloudwatch-endpoint-url", c.url})
	expect(t, args, 1, "Something is wrong", "The coverage of 2 presets was published: namespace Presize, region us-east-1.")
	want := []string{
		"Coverage 50 Percent Bucket=photos Preset=small",
		"Missing 1 Count Bucket=photos Preset=small",
		"Stale 0 Count Bucket=photos Preset=small",
		"Orphans 0 Count Bucket=photos Preset=small",
		"Coverage 50 Percent Bucket=photos Preset=tiny",
		"Missing 1 Count Bucket=photos Preset=tiny",
		"Stale 0 Count Bucket=photos Preset=tiny",
		"Orphans 1 Count Bucket=photos Preset=tiny",
		"Orphans 1 Count Bucket=photos Preset=poster",
	}
	if diff := cmp.Diff(want, c.metrics); diff != "" || c.namespace != "Presize" {
		t.Errorf("namespace %q (-want +got)\n%s", c.namespace, diff)
	}
	expect(t, append(args, "--namespace", "Photos/Test"), 1, "namespace Photos/Test")
	if c.namespace != "Photos/Test" {
		t.Errorf("namespace %q", c.namespace)
	}
	c.denies = true
	expect(t, args, 1, "Something is wrong", "cloudwatch:PutMetricData for the namespace \"Presize\"", "AccessDenied")
}

// A preset that no original gets has no coverage, which is neither 0 nor 100 percent.
func TestDoctorPublishNothing(t *testing.T) {
	w, c := openWard(t), openCloud(t)
	expect(t, append(w.args, "--publish", "--cloudwatch-endpoint-url", c.url), 0, "no original here gets a preset")
	for _, m := range c.metrics {
		if m[:8] == "Coverage" {
			t.Error(m)
		}
	}
	if len(c.metrics) != 6 {
		t.Errorf("%q", c.metrics)
	}
}

func TestDoctorFlags(t *testing.T) {
	w := openWard(t)
	for _, c := range []struct {
		name  string
		flags []string
		want  string
	}{
		{"yes alone", []string{"--yes"}, "--yes says nothing without --prune"},
		{"dry run alone", []string{"--dry-run"}, "--dry-run says nothing without --repair or --prune"},
		{"failures alone", []string{"--failures", "x"}, "--failures says nothing without --repair"},
		{"namespace alone", []string{"--namespace", "x"}, "--namespace says nothing without --publish"},
		{"prune and since", []string{"--prune", "--yes", "--since", "1h"}, "--prune deletes variants whose originals are gone, and --since"},
		{"publish a part", []string{"--publish", "--prefix", "a/"}, "--publish is about the whole bucket, and --prefix selects a part"},
		{"AWS's namespace", []string{"--publish", "--namespace", "AWS/S3"}, `--namespace is "AWS/S3"`},
		{"no namespace", []string{"--publish", "--namespace", ""}, `--namespace is ""`},
		{"endpoint", []string{"--publish", "--cloudwatch-endpoint-url", "localhost"}, `--cloudwatch-endpoint-url is "localhost"`},
		{"heads", []string{"--heads", "0"}, "--heads is 0; 1 or more is right"},
		{"preset", []string{"--preset", "huge"}, `--preset is "huge"; presets.yaml has small, tiny`},
		{"a run's flag", []string{"--only", "missing"}, "unknown flag: --only; see backfill doctor --help"},
		{"an argument", []string{"photos"}, `found "photos" behind backfill doctor`},
	} {
		t.Run(c.name, func(t *testing.T) { expect(t, append(w.args, c.flags...), 2, c.want) })
	}
	expect(t, []string{"doctor", "--help"}, 0, "Exit codes: 0 all is well, 1 something is wrong", "backfill doctor --bucket photos --repair --prune")
}
