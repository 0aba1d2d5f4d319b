package command

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/pflag"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// batchFlags are those of --via batch.
type batchFlags struct {
	manifest, report, inventory   string
	roleARN, functionARN, account string
	yes                           bool
}

func (b *batchFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&b.manifest, "manifest", "", "with --via batch: s3://bucket/key to write the list of originals to")
	f.StringVar(&b.report, "report", "", "with --via batch: s3://bucket/prefix for the job's report on what failed")
	f.StringVar(&b.inventory, "inventory", "", "with --via batch: s3://bucket/.../manifest.json of an S3 Inventory report in CSV, to take as the list instead of listing")
	f.StringVar(&b.roleARN, "role-arn", "", "with --via batch: role that the job takes: it may invoke the function, read the manifest and write the report")
	f.StringVar(&b.functionARN, "function-arn", "", "with --via batch: the function")
	f.StringVar(&b.account, "account", "", "with --via batch: the account's id (default: of the credentials)")
	f.BoolVar(&b.yes, "yes", false, "with --via batch: let the job begin without a confirmation")
}

func (r *run) checkBatch() error {
	if r.via != string(price.Batch) {
		return nil
	}
	list, name := r.manifest, "manifest"
	if r.inventory != "" {
		list, name = r.inventory, "inventory"
		if r.manifest != "" {
			return usage("--inventory takes a list that is there, and --manifest writes one; leave one of them out")
		}
		if r.Prefix != "" || r.Since != "" || r.Match != "" || r.MaxObjects != 0 || r.maxCost != 0 || r.dryRun {
			return usage("--inventory hands the whole report to the job, unread: nothing can be selected from it, planned or priced; leave --inventory out for that")
		}
	}
	for _, f := range []struct{ name, value string }{{name, list}, {"report", r.report}} {
		if _, err := engine.ParsePlace(f.value); err != nil {
			return usage("--via batch needs --%s: %w", f.name, err)
		}
	}
	job := &engine.Job{Account: r.account, Role: r.roleARN, Function: r.functionARN}
	if job.Account == "" {
		job.Account = "000000000000" // asked for later
	}
	if err := job.Check(); err != nil {
		return usage("--via batch: %w", err)
	}
	return nil
}

// overManifest writes the list of what needs work and has a job work on it.
func (r *run) overManifest(ctx context.Context, at *site, w *walk) error {
	to, _ := engine.ParsePlace(r.manifest)
	written, err := (&engine.Manifest{Client: at.Client, Place: to}).Write(ctx, at.Bucket, w.passing)
	if err != nil {
		return err
	}
	r.say("%s originals are listed in %s.\n", count(written.Originals), to)
	if written.Originals == 0 {
		return nil
	}
	return r.job(ctx, written)
}

// overInventory has a job work on what S3 Inventory lists. The function looks first, so that what is up to date costs one
// invocation and no rendering.
func (r *run) overInventory(ctx context.Context, at *site) error {
	place, _ := engine.ParsePlace(r.inventory)
	written, err := engine.OpenInventory(ctx, r.meter.Objects(store.NewS3(at.Client, place.Bucket)), place, at.Bucket)
	if err != nil {
		return err
	}
	r.say("The job invokes the function for every object that the report lists: an inventory of the prefix %s alone costs least.\n", at.Config.Originals)
	return r.job(ctx, written)
}

func (r *run) job(ctx context.Context, manifest engine.Written) error {
	config, err := store.Load(ctx, r.options())
	if err != nil {
		return err
	}
	if r.account == "" {
		if r.account, err = accountOf(ctx, config); err != nil {
			return err
		}
	}
	report, _ := engine.ParsePlace(r.report)
	job := &engine.Job{
		Account: r.account, Role: r.roleARN, Function: r.functionARN, Manifest: manifest, Report: report,
		Presets: r.Presets, All: r.Only == onlyAll || r.from == fromFailed, Confirm: !r.yes,
	}
	id, err := job.Create(ctx, s3control.NewFromConfig(config))
	if err != nil {
		return err
	}
	which := fmt.Sprintf("--account-id %s --job-id %s --region %s", r.account, id, config.Region)
	_, _ = fmt.Fprintf(r.out, "Job %s was created. Watch it: aws s3control describe-job %s\n", id, which)
	if !r.yes {
		_, _ = fmt.Fprintf(r.out, "It waits for your confirmation: aws s3control update-job-status %s --requested-job-status Ready\n", which)
	}
	_, _ = fmt.Fprintf(r.out, "What fails will be listed below %s.\n", report)
	return nil
}

func accountOf(ctx context.Context, config aws.Config) (string, error) {
	out, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("which account is it? %w; say it by --account", err)
	}
	return aws.ToString(out.Account), nil
}
