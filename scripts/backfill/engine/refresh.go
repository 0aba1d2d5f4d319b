package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/invalidate"
	"github.com/presize/presize/functions/pipeline/preset"
)

// Refresher makes CloudFront forget what a run made outdated: when it does, by Now, or all of it by one request at the run's
// end, by Note and Flush. It is safe for use by several goroutines.
type Refresher struct {
	config *preset.Config
	cdn    *invalidate.Invalidator

	mu         sync.Mutex
	noted      []invalidate.Path
	everything bool
}

// maxNoted bounds what is remembered. Beyond it a wildcard over everything costs less than finding fewer.
const maxNoted = 3000

// NewRefresher refreshes the distribution of this ID.
func NewRefresher(client *cloudfront.Client, distribution string, config *preset.Config) (*Refresher, error) {
	cdn, err := invalidate.New(client, distribution, config.Resized)
	if err != nil {
		return nil, err
	}
	return &Refresher{config: config, cdn: cdn}, nil
}

// Now asks CloudFront at once, as the function does.
func (r *Refresher) Now(ctx context.Context, outdated []pipeline.Outdated) error {
	return r.cdn.InvalidatePaths(ctx, r.paths(outdated))
}

// Note remembers what Flush is to ask for.
func (r *Refresher) Note(_ context.Context, outdated []pipeline.Outdated) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.everything {
		return nil
	}
	if r.noted = append(r.noted, r.paths(outdated)...); len(r.noted) > maxNoted {
		r.noted, r.everything = nil, true
	}
	return nil
}

// Everything has Flush ask for all variants: a run that this one resumes may have been killed before it asked.
func (r *Refresher) Everything() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noted, r.everything = nil, true
}

// Flush asks CloudFront for what was noted. asked is false when that is nothing.
func (r *Refresher) Flush(ctx context.Context) (asked bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	paths := r.noted
	if r.everything {
		paths = []invalidate.Path{{Key: r.config.Resized, Wildcard: true}}
	}
	if len(paths) == 0 {
		return false, nil
	}
	if err := r.cdn.InvalidatePaths(ctx, paths); err != nil {
		return false, fmt.Errorf("the CDN still shows what was replaced, until its copies expire: %w", err)
	}
	r.noted, r.everything = nil, false
	return true, nil
}

// paths are those of the function: of a removed original every version goes.
func (r *Refresher) paths(outdated []pipeline.Outdated) []invalidate.Path {
	var paths []invalidate.Path
	for _, o := range outdated {
		of := invalidate.Paths(r.config, o.Original, o.Keys...)
		for i := range of {
			of[i].Wildcard = of[i].Wildcard || o.Gone
		}
		paths = append(paths, of...)
	}
	return paths
}
