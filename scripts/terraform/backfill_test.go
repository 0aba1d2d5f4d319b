package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// jobPermissions is what the role of S3 Batch Operations may do, and what it may not. moto rejects the signatures of Lambda's
// Invoke and of listings once it checks permissions: tests/backfill.tftest.hcl alone holds those two.
var jobPermissions = []permission{
	{"read a list", "s3api get-object --bucket photos --key presize/presize/backfill/manifests/list.csv /dev/null", true},
	{"write a report", "s3api put-object --bucket photos --key presize/presize/backfill/reports/job/1.csv --body FILE", true},

	{"write a list", "s3api put-object --bucket photos --key presize/presize/backfill/manifests/list.csv --body FILE", false},
	{"read an original", "s3api get-object --bucket photos --key originals/cat.jpg /dev/null", false},
	{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", false},
	{"write the presets", "s3api put-object --bucket photos --key PRESETS --body FILE", false},
	{"write to another bucket", "s3api put-object --bucket other --key presize/presize/backfill/reports/1.csv --body FILE", false},
}

// runnerPermissions is what the output backfill_policies allows who runs a backfill, by the policy's name.
var runnerPermissions = map[string][]permission{
	"plan": with(reading,
		permission{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", false},
		permission{"write a list", "s3api put-object --bucket photos --key presize/presize/backfill/manifests/list.csv --body FILE", false},
	),
	"here": with(reading,
		permission{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", true},
		permission{"delete a variant", "s3api delete-object --bucket photos --key resized/large/cat.jpg", true},
	),
	"lambda": with(reading,
		permission{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", false},
	),
	"batch": with(reading,
		permission{"write a list", "s3api put-object --bucket photos --key presize/presize/backfill/manifests/list.csv --body FILE", true},
		permission{"read a report", "s3api get-object --bucket photos --key presize/presize/backfill/reports/job/1.csv /dev/null", true},
		permission{"write a report", "s3api put-object --bucket photos --key presize/presize/backfill/reports/job/1.csv --body FILE", false},
		permission{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", false},
	),
}

// reading is what every backfill may do.
var reading = []permission{
	{"look at an original", "s3api head-object --bucket photos --key originals/cat.jpg", true},
	{"look at a variant", "s3api head-object --bucket photos --key resized/small/cat.jpg", true},

	{"write an original", "s3api put-object --bucket photos --key originals/cat.jpg --body FILE", false},
	{"delete an original", "s3api delete-object --bucket photos --key originals/cat.jpg", false},
	{"read another prefix", "s3api get-object --bucket photos --key invoices/1.pdf /dev/null", false},
	{"read another bucket", "s3api get-object --bucket other --key originals/cat.jpg /dev/null", false},
}

func with(table []permission, more ...permission) []permission { return slices.Concat(table, more) }

// enforceBackfill holds the role of S3 Batch Operations, and users with each of the policies, to the tables.
func (d deployed) enforceBackfill(t *testing.T) {
	t.Helper()
	for _, key := range []string{"presize/presize/backfill/manifests/list.csv", "presize/presize/backfill/reports/job/1.csv", "resized/small/cat.jpg", "resized/large/cat.jpg"} {
		d.cloud.upload(t, "photos", key)
	}
	if wrong := d.violations(t, d.assume(t, "backfill_role_arn"), jobPermissions); len(wrong) > 0 {
		t.Errorf("the permissions of a backfill's job: %s", strings.Join(wrong, "; "))
	}
	var policies map[string]string
	if err := json.Unmarshal([]byte(d.must(t, d.at, "output", "-json", "backfill_policies")), &policies); err != nil {
		t.Fatal(err)
	}
	for name, policy := range policies {
		if wrong := d.violations(t, d.user(t, name, policy), runnerPermissions[name]); len(runnerPermissions[name]) == 0 || len(wrong) > 0 {
			t.Errorf("who has the policy %q: %s", name, strings.Join(wrong, "; "))
		}
		d.cloud.aws(t, "iam", "delete-user-policy", "--user-name", name, "--policy-name", name)
	}
}

// user makes a user who has one policy, and gives their environment. moto takes no ARN of S3 with a region, as jobs have.
func (d deployed) user(t *testing.T, name, policy string) []string {
	t.Helper()
	policy = strings.ReplaceAll(policy, "arn:aws:s3:us-east-1:123456789012:job/", "arn:aws:s3:::job/")
	d.cloud.aws(t, "iam", "create-user", "--user-name", name)
	d.cloud.aws(t, "iam", "put-user-policy", "--user-name", name, "--policy-name", name, "--policy-document", policy)
	var answer struct {
		AccessKey struct{ AccessKeyId, SecretAccessKey string }
	}
	out := d.cloud.aws(t, "iam", "create-access-key", "--user-name", name, "--output", "json")
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	return d.cloud.envOf(answer.AccessKey.AccessKeyId, answer.AccessKey.SecretAccessKey, "")
}
