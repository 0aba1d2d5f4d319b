package command

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/spf13/pflag"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

// publishFlags say what --via here does besides writing variants; the function has settings of its own.
type publishFlags struct {
	baseURL      string
	distribution string
	cdnEndpoint  string
}

const runPublish = `--via here writes manifests as the function does. Their URLs begin as those that stand there do, unless --base-url says otherwise.
It announces nothing: completion events are the function's. And it leaves the CDN alone, as long as --distribution-id names none: a
stale variant keeps its key, so that URLs without the manifest's ?v= go on showing the old one until its copies expire. With it, one
invalidation at the run's end takes out what was written over (30 paths at most, joined by wildcards: $0.15 at most, and nothing
within an account's first 1,000 of a month); of dead letters each asks at once, before its message is deleted, as the function does.`

func (p *publishFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&p.baseURL, "base-url", "", "with --via here: what the URLs in manifests begin with, as the function's PRESIZE_BASE_URL says; / for relative ones (default: as in the manifests that stand there)")
	f.StringVar(&p.distribution, "distribution-id", "", "with --via here: the CloudFront distribution that is to forget what was replaced or removed (default: none)")
	f.StringVar(&p.cdnEndpoint, "cloudfront-endpoint-url", "", "with --distribution-id: another CloudFront, for tests (default: AWS)")
}

// relative is --base-url for URLs that are relative to the page's host.
const relative = "/"

func (r *run) checkPublish() error {
	if r.cdnEndpoint != "" && r.distribution == "" {
		return usage("--cloudfront-endpoint-url is for --distribution-id; leave it out")
	}
	if r.baseURL == relative {
		return nil
	}
	if _, err := report.NewLinks(r.baseURL); err != nil {
		return usage("--base-url: %w", err)
	}
	return nil
}

// here is the way on this machine. refresh is nil without a distribution.
func (r *run) here(ctx context.Context, at *site, workers int) (way *engine.Here, refresh *engine.Refresher, err error) {
	base := r.baseURL
	if base == "" {
		if base, err = engine.BaseURL(ctx, at.Config, at.Variants); err != nil {
			return nil, nil, err
		}
		if base != "" {
			r.say("The URLs in manifests begin with %s, as in those that stand there; --base-url names another.\n", base)
		}
	}
	if base == relative {
		base = ""
	}
	links, err := report.NewLinks(base)
	if err != nil {
		return nil, nil, fmt.Errorf("a manifest that stands there has another URL than Presize writes; say by --base-url what is right: %w", err)
	}
	options := []engine.HereOption{engine.WithLinks(links)}
	if r.distribution != "" {
		if refresh, err = r.refresher(ctx, at); err != nil {
			return nil, nil, err
		}
		tell := refresh.Note
		if r.fromQueue() {
			tell = refresh.Now
		}
		options = append(options, engine.WithRefresh(tell))
	}
	return engine.NewHere(at.Config, at.Bucket, at.Originals, at.Variants, workers, options...), refresh, nil
}

func (r *run) refresher(ctx context.Context, at *site) (*engine.Refresher, error) {
	options := r.options()
	options.Endpoint = r.cdnEndpoint // only so that a region need not be named with it
	config, err := store.Load(ctx, options)
	if err != nil {
		return nil, err
	}
	return engine.NewRefresher(cloudfront.NewFromConfig(config, func(o *cloudfront.Options) {
		if r.cdnEndpoint != "" {
			o.BaseEndpoint = &r.cdnEndpoint
		}
	}), r.distribution, at.Config)
}

// flush asks the CDN for what the run replaced, also when the run was stopped.
func (r *run) flush(ctx context.Context, refresh *engine.Refresher) error {
	if refresh == nil {
		return nil
	}
	asked, err := refresh.Flush(context.WithoutCancel(ctx))
	if asked {
		r.say("CloudFront was asked to forget what was replaced.\n")
	}
	return err
}
