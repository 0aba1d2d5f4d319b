package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shell makes commands that are about the same place and the same selection.
type shell struct {
	again  string // this very command
	flags  string // of the place and the selection
	remove string // deletes one variant, up to its key
}

// shared are the flags that plan, run and doctor have in common.
var shared = []string{
	"bucket", "target-bucket", "presets", "endpoint-url", "region", "path-style", "prefix", "preset", "since", "match", "index",
}

func newShell(c *cobra.Command, at *site) shell {
	var own []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(shared, f.Name) {
			own = append(own, f.Name)
		}
	})
	s := shell{again: commandLine(c), flags: strings.TrimPrefix(commandLine(c, own...), c.CommandPath())}
	bucket := at.Bucket
	if at.Target != "" {
		bucket = at.Target
	}
	s.remove = "aws s3 rm"
	if at.Region != "" {
		s.remove += " --region " + quote(at.Region)
	}
	if at.Endpoint != "" {
		s.remove += " --endpoint-url " + quote(at.Endpoint)
	}
	s.remove += " s3://" + bucket + "/"
	return s
}

func (s shell) run() string { return "backfill run" + s.flags }

func (s shell) doctor(flags string) string { return "backfill doctor" + s.flags + flags }

// delete deletes one variant.
func (s shell) delete(key string) string {
	command, place, _ := strings.Cut(s.remove, " s3://")
	return command + " " + quote("s3://"+place+key)
}
