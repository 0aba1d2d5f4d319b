package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
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
		return nil, usage("--bucket is %q; a bucket's name alone is right, such as --bucket photos", p.Bucket)
	}
	if strings.ContainsAny(p.Target, "/: ") {
		return nil, usage("--target-bucket is %q; a bucket's name alone is right", p.Target)
	}
	if u, err := url.Parse(p.Endpoint); p.Endpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return nil, usage("--endpoint-url is %q; such as http://127.0.0.1:8082 is right", p.Endpoint)
	}
	config, err := preset.LoadFile(p.Presets)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("--presets is %q, and there is no such file; the function's own presets.yaml is right", p.Presets)
	case err != nil:
		return nil, &exitError{exitUsage, err}
	}
	client, err := store.Connect(ctx, store.Options{
		Region: p.Region, Endpoint: p.Endpoint, UsePathStyle: p.PathStyle || p.Endpoint != "",
	})
	if err != nil {
		return nil, err
	}
	if _, err := client.Options().Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in by aws sso login (%w)", err)
	}
	s := &site{place: *p, Config: config, Client: client, Originals: store.NewS3(client, p.Bucket)}
	s.Variants = s.Originals
	if p.Target != "" {
		s.Variants = store.NewS3(client, p.Target)
	}
	return s, s.reach(ctx)
}

// reach sends one LIST to each bucket, so that a wrong name or a missing permission is told at once, before the patience that
// a survey has with a server begins.
func (s *site) reach(ctx context.Context) error {
	for _, err := range s.Originals.List(ctx, s.Config.Originals, "") {
		if err != nil {
			return err
		}
		break
	}
	for _, err := range s.Variants.List(ctx, s.Config.Resized, "") {
		if err != nil {
			return err
		}
		break
	}
	return nil
}

// explain puts in front of an error what it means where its own words do not say so.
func explain(err error) error {
	if refused, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("cannot reach %v: is the server running, and --endpoint-url right? (%w)", refused.Addr, err)
	}
	if unknown, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Errorf("cannot find the host %s: is the network up, and --region or --endpoint-url right? (%w)", unknown.Name, err)
	}
	return err
}
