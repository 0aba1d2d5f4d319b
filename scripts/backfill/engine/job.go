package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// Job is a job of S3 Batch Operations that invokes the function for every original of a manifest.
type Job struct {
	Account  string // id, 12 digits
	Role     string // ARN of the role that the job takes
	Function string // ARN, which may end in a version or an alias
	Manifest Written
	Report   Place    // folder of the report on failed originals
	Presets  []string // names; empty: all
	All      bool     // render what is up to date as well
	Confirm  bool     // wait for somebody's confirmation before the first original
}

// JobCreator is the call of *s3control.Client that a job needs.
type JobCreator interface {
	CreateJob(ctx context.Context, input *s3control.CreateJobInput, options ...func(*s3control.Options)) (*s3control.CreateJobOutput, error)
}

const (
	jobPriority = 10 // among the account's own jobs; the console's default
	// UserArguments came with the second schema (https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html).
	jobSchema = "2.0"
)

// Check says what is wrong with the job, all at once.
func (j *Job) Check() error {
	var wrong []error
	if len(j.Account) != 12 || strings.Trim(j.Account, "0123456789") != "" {
		wrong = append(wrong, fmt.Errorf("--account is %q; it must be an account's 12 digits", j.Account))
	}
	for _, a := range []struct{ flag, value, service, what string }{
		{"--role-arn", j.Role, "iam", "role"},
		{"--function-arn", j.Function, "lambda", "function"},
	} {
		if parsed, err := arn.Parse(a.value); err != nil || parsed.Service != a.service || !strings.HasPrefix(parsed.Resource, a.what) {
			wrong = append(wrong, fmt.Errorf("%s is %q; it must be the ARN of a %s", a.flag, a.value, a.what))
		}
	}
	return errors.Join(wrong...)
}

// arguments are what the function is told besides the key: it looks first, unless it is to render all.
func (j *Job) arguments() map[string]string {
	arguments := map[string]string{"only": "stale"}
	if j.All {
		arguments["only"] = "all"
	}
	if len(j.Presets) > 0 {
		arguments["presets"] = strings.Join(j.Presets, ",")
	}
	return arguments
}

// Create makes the job and returns its id.
func (j *Job) Create(ctx context.Context, client JobCreator) (id string, err error) {
	if err := j.Check(); err != nil {
		return "", err
	}
	function, _ := arn.Parse(j.Function)
	spec := &types.JobManifestSpec{
		Format: types.JobManifestFormatS3BatchOperationsCsv20180820,
		Fields: []types.JobManifestFieldName{types.JobManifestFieldNameBucket, types.JobManifestFieldNameKey},
	}
	if j.Manifest.Inventory {
		spec = &types.JobManifestSpec{Format: types.JobManifestFormatS3InventoryReportCsv20161130}
	}
	out, err := client.CreateJob(ctx, &s3control.CreateJobInput{
		AccountId:            &j.Account,
		ClientRequestToken:   aws.String(rand.Text()), // the SDK's retries keep it; another command is another job
		ConfirmationRequired: &j.Confirm,
		Description:          aws.String("presize backfill"),
		Priority:             aws.Int32(jobPriority),
		RoleArn:              &j.Role,
		Operation: &types.JobOperation{LambdaInvoke: &types.LambdaInvokeOperation{
			FunctionArn: &j.Function, InvocationSchemaVersion: aws.String(jobSchema), UserArguments: j.arguments(),
		}},
		Manifest: &types.JobManifest{Spec: spec, Location: &types.JobManifestLocation{
			ObjectArn: aws.String(j.Manifest.Place.arn(function.Partition)), ETag: &j.Manifest.ETag,
		}},
		Report: &types.JobReport{
			Enabled: true, Format: types.JobReportFormatReportCsv20180820, ReportScope: types.JobReportScopeFailedTasksOnly,
			Bucket: aws.String("arn:" + function.Partition + ":s3:::" + j.Report.Bucket), Prefix: aws.String(strings.TrimSuffix(j.Report.Key, "/")),
		},
	})
	if err != nil {
		return "", fmt.Errorf("creating the job: %w", err)
	}
	return aws.ToString(out.JobId), nil
}
