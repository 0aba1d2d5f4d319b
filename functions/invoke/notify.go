package invoke

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/announce"
	"github.com/presize/presize/functions/pipeline/invalidate"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// refresher makes CloudFront forget what is outdated; nil when there is no distribution.
//
// Of an overwritten original, the URLs without a version are asked for alone: those of manifests are other ones now. Of a
// removed one every version goes, so each path ends in a wildcard, or one does for all where the key template allows it.
func refresher(configuration aws.Config, settings Settings, config *preset.Config) (func(context.Context, []pipeline.Outdated) error, error) {
	if settings.CDN == "" {
		return nil, nil //nolint:nilnil // no CDN, nothing to refresh
	}
	cdn, err := invalidate.New(cloudfront.NewFromConfig(configuration), settings.CDN, config.Resized)
	if err != nil {
		return nil, fmt.Errorf("PRESIZE_DISTRIBUTION_ID: %w", err)
	}
	return func(ctx context.Context, outdated []pipeline.Outdated) error {
		var paths []invalidate.Path
		for _, o := range outdated {
			of := invalidate.Paths(config, o.Original, o.Keys...)
			for i := range of {
				of[i].Wildcard = of[i].Wildcard || o.Gone
			}
			paths = append(paths, of...)
		}
		return cdn.InvalidatePaths(ctx, paths)
	}, nil
}

// announcer tells SNS, EventBridge or both of completions; nil when neither is configured.
func announcer(configuration aws.Config, settings Settings) (func(context.Context, report.Completion) error, error) {
	if settings.Topic == "" && settings.Bus == "" {
		return nil, nil //nolint:nilnil // nobody waits
	}
	to, err := announce.New(configuration, settings.Topic, settings.Bus)
	if err != nil {
		return nil, fmt.Errorf("PRESIZE_TOPIC_ARN, PRESIZE_EVENT_BUS: %w", err)
	}
	return to.Announce, nil
}
