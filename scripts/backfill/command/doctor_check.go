package command

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// maxNamespace is how long a namespace of CloudWatch may be.
const maxNamespace = 255

// namespaces are those that CloudWatch takes.
var namespaces = regexp.MustCompile(`^[0-9A-Za-z.\-_/#]([0-9A-Za-z.\-_/#: ]*[0-9A-Za-z.\-_/#:])?$`)

// check refuses flags that are wrong, or that do not go together, before anything is reached.
func (d *doctor) check(c *cobra.Command) error {
	for _, f := range []struct {
		name         string
		value, least int
	}{{"parallel", d.parallel, 1}, {"heads", d.heads, 1}, {"list", d.shown, 0}} {
		if f.value < f.least {
			return usage("--%s is %d; %d or more is right", f.name, f.value, f.least)
		}
	}
	for _, f := range []struct {
		name, with string
		there      bool
	}{
		{"yes", "--prune", d.prune},
		{"dry-run", "--repair or --prune", d.repair || d.prune},
		{"failures", "--repair", d.repair},
		{"namespace", "--publish", d.publish},
		{"cloudwatch-endpoint-url", "--publish", d.publish},
	} {
		if c.Flags().Changed(f.name) && !f.there {
			return usage("--%s says nothing without %s", f.name, f.with)
		}
	}
	if err := d.checkPrune(); err != nil {
		return err
	}
	return d.checkPublish()
}

// checkPrune refuses to delete what nobody could have said yes to.
func (d *doctor) checkPrune() error {
	switch {
	case !d.prune:
		return nil
	case d.Since != "":
		return usage("--prune deletes variants whose originals are gone, and --since selects originals by their time; leave one of them out")
	case !d.yes && !d.dryRun && !d.terminal(d.in):
		return usage("--prune asks before it deletes, and there is no terminal to ask on: nothing was looked at or deleted; see what would go with --dry-run, and say --yes")
	}
	return nil
}

// checkPublish keeps the coverage of a part of the bucket from being taken for that of the whole: the metric's dimensions do
// not tell them apart.
func (d *doctor) checkPublish() error {
	if !d.publish {
		return nil
	}
	for _, f := range []struct{ name, value string }{{"prefix", d.Prefix}, {"match", d.Match}, {"since", d.Since}} {
		if f.value != "" {
			return usage("--publish is about the whole bucket, and --%s selects a part of it; leave one of them out", f.name)
		}
	}
	if len(d.namespace) > maxNamespace || strings.HasPrefix(d.namespace, "AWS/") || !namespaces.MatchString(d.namespace) {
		return usage("--namespace is %q; such as Presize is right: letters, digits and . - _ / # :, and not AWS's own", d.namespace)
	}
	if u, err := url.Parse(d.cloudWatch); d.cloudWatch != "" && (err != nil || u.Host == "") {
		return usage("--cloudwatch-endpoint-url is %q; such as http://127.0.0.1:4566 is right", d.cloudWatch)
	}
	return nil
}
