package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
)

// place is where originals and variants are: the flags that every subcommand has.
type place struct {
	Bucket    string
	Target    string // bucket of the variants; empty: the originals' own
	Presets   string // path of presets.yaml
	Endpoint  string
	Region    string
	PathStyle bool
}

func (p *place) flags(c *cobra.Command) {
	f := c.PersistentFlags()
	f.StringVar(&p.Bucket, "bucket", "", "bucket of the originals (required)")
	f.StringVar(&p.Target, "target-bucket", "", "bucket of the variants (default: the originals' own)")
	f.StringVar(&p.Presets, "presets", "presets.yaml", "presets.yaml, the file that the function has")
	f.StringVar(&p.Endpoint, "endpoint-url", "", "an S3-compatible server, such as http://127.0.0.1:8082 (default: AWS)")
	f.StringVar(&p.Region, "region", "", "AWS region (default: as the environment and the profile say)")
	f.BoolVar(&p.PathStyle, "path-style", false, "bucket in the path (default: true with --endpoint-url)")
}

// site is a place that has been opened.
type site struct {
	place

	Config    *preset.Config
	Client    *s3.Client
	Originals store.Objects
	Variants  store.Objects
}

// open reads the presets and connects.
func (p *place) open(ctx context.Context) (*site, error) {
	if p.Bucket == "" || strings.ContainsAny(p.Bucket, "/: ") {
		return nil, fmt.Errorf("--bucket is %q; it must be a bucket's name alone", p.Bucket)
	}
	config, err := preset.LoadFile(p.Presets)
	if err != nil {
		return nil, err
	}
	client, err := store.Connect(ctx, store.Options{
		Region: p.Region, Endpoint: p.Endpoint, UsePathStyle: p.PathStyle || p.Endpoint != "",
	})
	if err != nil {
		return nil, err
	}
	s := &site{place: *p, Config: config, Client: client, Originals: store.NewS3(client, p.Bucket)}
	s.Variants = s.Originals
	if p.Target != "" {
		s.Variants = store.NewS3(client, p.Target)
	}
	return s, nil
}
