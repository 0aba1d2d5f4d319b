package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/presize/presize/functions/pipeline/store"
)

// metricsEach is how many metrics one PutMetricData takes.
const metricsEach = 1000

// publishOf puts how each preset stands into CloudWatch.
func (d *doctor) publishOf(ctx context.Context, at *site, c *checkup) error {
	config, err := store.Load(ctx, store.Options{Region: at.Region})
	if err != nil {
		return err
	}
	client := cloudwatch.NewFromConfig(config, func(o *cloudwatch.Options) {
		if d.cloudWatch != "" {
			o.BaseEndpoint = &d.cloudWatch
		}
	})
	for some := range slices.Chunk(c.metrics(at.Bucket, time.Now()), metricsEach) {
		if _, err := client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: &d.namespace, MetricData: some}); err != nil {
			return fmt.Errorf("publishing the coverage to CloudWatch in %s, which takes the permission cloudwatch:PutMetricData for the namespace %q: %w",
				config.Region, d.namespace, err)
		}
	}
	d.say("The coverage of %d presets was published: namespace %s, region %s.\n", len(c.presets), d.namespace, config.Region)
	return nil
}

// metrics are those of each preset. A preset that no original gets has no coverage; one that is gone from presets.yaml
// may have orphans.
func (c *checkup) metrics(bucket string, now time.Time) []types.MetricDatum {
	var out []types.MetricDatum
	add := func(preset, name string, value float64, unit types.StandardUnit) {
		out = append(out, types.MetricDatum{
			MetricName: &name, Value: &value, Unit: unit, Timestamp: aws.Time(now),
			Dimensions: []types.Dimension{{Name: aws.String("Bucket"), Value: &bucket}, {Name: aws.String("Preset"), Value: &preset}},
		})
	}
	orphans := maps.Clone(c.orphans)
	for _, p := range c.presets {
		if p.Coverage != nil {
			add(p.Preset, "Coverage", *p.Coverage, types.StandardUnitPercent)
		}
		add(p.Preset, "Missing", float64(p.Missing), types.StandardUnitCount)
		add(p.Preset, "Stale", float64(p.Stale), types.StandardUnitCount)
		add(p.Preset, "Orphans", float64(orphans[p.Preset]), types.StandardUnitCount)
		delete(orphans, p.Preset)
	}
	for _, preset := range slices.Sorted(maps.Keys(orphans)) {
		if preset != "" {
			add(preset, "Orphans", float64(orphans[preset]), types.StandardUnitCount)
		}
	}
	return out
}
