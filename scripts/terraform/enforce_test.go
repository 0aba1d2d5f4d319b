package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// permission is a call that somebody may make, or may not. FILE is a file to send, PRESETS the presets' key.
type permission struct {
	what    string
	call    string
	allowed bool
}

// permissions is what the functions' roles may do, and what they may not, call by call. moto knows no resources but those of S3:
// tests/*.tftest.hcl alone hold the queues, the topic and the bus.
var permissions = []permission{
	{"look at an original", "s3api head-object --bucket photos --key originals/cat.jpg", true},
	{"read an original", "s3api get-object --bucket photos --key originals/cat.jpg /dev/null", true},
	{"write a variant", "s3api put-object --bucket photos --key resized/small/cat.jpg --body FILE", true},
	{"write a variant where nothing stands", "s3api put-object --bucket photos --key resized/large/cat.jpg --body FILE --if-none-match *", true},
	{"take back a variant", "s3api delete-object --bucket photos --key resized/large/cat.jpg", true},
	{"read a variant", "s3api get-object --bucket photos --key resized/small/cat.jpg /dev/null", true},
	{"delete a variant", "s3api delete-object --bucket photos --key resized/small/cat.jpg", true},
	{"write a manifest", "s3api put-object --bucket photos --key resized/manifest/cat.jpg.json --body FILE", true},
	{"read a manifest", "s3api get-object --bucket photos --key resized/manifest/cat.jpg.json /dev/null", true},
	{"write a failure record", "s3api put-object --bucket photos --key resized/failed/cat.jpg.json --body FILE", true},
	{"delete a failure record", "s3api delete-object --bucket photos --key resized/failed/cat.jpg.json", true},
	{"read its presets", "s3api get-object --bucket photos --key PRESETS /dev/null", true},

	{"write an original", "s3api put-object --bucket photos --key originals/dog.jpg --body FILE", false},
	{"overwrite an original", "s3api put-object --bucket photos --key originals/cat.jpg --body FILE", false},
	{"delete an original", "s3api delete-object --bucket photos --key originals/cat.jpg", false},
	{"read another prefix", "s3api get-object --bucket photos --key invoices/1.pdf /dev/null", false},
	{"write to another prefix", "s3api put-object --bucket photos --key invoices/2.pdf --body FILE", false},
	{"read a prefix that only begins like its own", "s3api get-object --bucket photos --key originals.jpg /dev/null", false},
	{"write its presets", "s3api put-object --bucket photos --key PRESETS --body FILE", false},
	{"read another bucket", "s3api get-object --bucket other --key originals/cat.jpg /dev/null", false},
	{"write to another bucket", "s3api put-object --bucket other --key resized/small/cat.jpg --body FILE", false},
	{"list all buckets", "s3api list-buckets", false},
	{"delete the bucket", "s3api delete-bucket --bucket photos", false},
	{"read the bucket's policy", "s3api get-bucket-policy --bucket photos", false},
	{"open the bucket", "s3api delete-public-access-block --bucket photos", false},
	{"change the bucket", "s3api put-bucket-versioning --bucket photos --versioning-configuration Status=Suspended", false},
	{"list roles", "iam list-roles", false},
}

// enforce holds the deployed roles to the table, with moto's IAM checks on and the roles' own credentials; and holds the table
// to its purpose: a role that may do s3:* must fail it.
func (d deployed) enforce(t *testing.T) {
	t.Helper()
	d.cloud.aws(t, "s3api", "create-bucket", "--bucket", "other")
	for _, place := range [][2]string{{"photos", "originals/cat.jpg"}, {"photos", "invoices/1.pdf"}, {"photos", "originals.jpg"}, {"other", "originals/cat.jpg"}} {
		d.cloud.upload(t, place[0], place[1])
	}
	for _, role := range []string{"role_arn", "cleanup_role_arn"} {
		if wrong := d.violations(t, d.assume(t, role), permissions); len(wrong) > 0 {
			t.Errorf("the permissions of %s: %s", role, strings.Join(wrong, "; "))
		}
	}
	d.enforceBackfill(t)

	d.replace(t, "terraform/iam.tf", `["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]`, `["s3:*"]`)
	d.replace(t, "terraform/iam.tf", `["${local.variant_bucket_arn}/${local.resized}*"]`, `["*"]`)
	d.apply(t)
	if wrong := d.violations(t, d.assume(t, "cleanup_role_arn"), permissions); len(wrong) < 10 {
		t.Errorf("a role that may do s3:* breaks only this of the table: %s", strings.Join(wrong, "; "))
	}
}

// assume takes the role that an output names, and gives the environment of whoever has it.
func (d deployed) assume(t *testing.T, output string) []string {
	t.Helper()
	var answer struct {
		Credentials struct{ AccessKeyId, SecretAccessKey, SessionToken string }
	}
	out := d.cloud.aws(t, "sts", "assume-role", "--role-arn", d.outputs(t, d.at)[output], "--role-session-name", "test", "--output", "json")
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	return d.cloud.envOf(answer.Credentials.AccessKeyId, answer.Credentials.SecretAccessKey, answer.Credentials.SessionToken)
}

// violations are the rows of a table that do not hold of whoever has this environment.
func (d deployed) violations(t *testing.T, env []string, table []permission) []string {
	t.Helper()
	presets := strings.TrimPrefix(d.presets(t), "s3://photos/")
	dir := t.TempDir()
	write(t, dir, "variant.jpg", "a variant")

	d.checkIAM(t, "0")
	defer d.checkIAM(t, "inf")
	var wrong []string
	for _, row := range table {
		args := strings.Fields(strings.NewReplacer("FILE", filepath.Join(dir, "variant.jpg"), "PRESETS", presets).Replace(row.call))
		out, code := d.cloud.cli(t, env, args...)
		denied := strings.Contains(out, "AccessDenied") || strings.Contains(out, "Forbidden") || strings.Contains(out, "Access Denied")
		switch {
		case row.allowed && code != 0:
			wrong = append(wrong, "may not "+row.what+": "+strings.TrimSpace(out))
		case !row.allowed && !denied:
			wrong = append(wrong, "may "+row.what)
		}
	}
	return wrong
}

// checkIAM says after how many calls moto begins to check permissions.
func (d deployed) checkIAM(t *testing.T, after string) {
	t.Helper()
	if err := d.cloud.post("/moto-api/reset-auth", "text/plain", after); err != nil {
		t.Fatal(err)
	}
}
