package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/event"
)

// deployed is an example as it is applied to a cloud.
type deployed struct {
	copied
	cloud *cloud
	at    string
	vars  []string
}

// prepare copies an example, with what steps around moto's faults laid over it.
func prepare(t *testing.T, c *cloud, example string, vars ...string) deployed {
	t.Helper()
	d := deployed{newCopy(t), c, "terraform/examples/" + example, nil}
	for _, v := range append([]string{"bucket=photos", "cdn=false", "force_destroy=true"}, vars...) {
		d.vars = append(d.vars, "-var="+v)
	}
	write(t, d.root, "terraform/module_override.tf", read(t, "testdata/module_override.tf"))
	write(t, d.root, d.at+"/provider_override.tf", read(t, "testdata/provider_override.tf"))
	d.env = append(d.env, c.env()...)
	d.initialise(t, d.at)
	return d
}

func (d deployed) apply(t *testing.T) string {
	t.Helper()
	return d.must(t, d.at, append([]string{"apply", "-auto-approve", "-input=false"}, d.vars...)...)
}

// settled demands that a second plan is empty.
func (d deployed) settled(t *testing.T) {
	t.Helper()
	if out, code := d.terraform(t, d.at, append([]string{"plan", "-detailed-exitcode", "-input=false"}, d.vars...)...); code != 0 {
		t.Errorf("the second plan is not empty (exit code %d):\n%s", code, out)
	}
}

// destroy demands that nothing of the module is left.
func (d deployed) destroy(t *testing.T, buckets string) {
	t.Helper()
	d.must(t, d.at, append([]string{"destroy", "-auto-approve", "-input=false"}, d.vars...)...)
	if left := strings.TrimSpace(d.must(t, d.at, "show")); left != "The state file is empty. No resources are represented." {
		t.Errorf("left in the state: %s", left)
	}
	for what, want := range map[string]string{
		"s3api list-buckets --query Buckets[].Name":                           buckets,
		"sqs list-queues --queue-name-prefix presize --query QueueUrls":       "None",
		"lambda list-functions --query Functions[].FunctionName":              "",
		"iam list-roles --path-prefix / --query Roles[].RoleName":             "",
		"events list-rules --query Rules[].Name":                              "",
		"logs describe-log-groups --query logGroups[].logGroupName":           "",
		"sns list-topics --query Topics[].TopicArn":                           "",
		"cloudwatch describe-alarms --query MetricAlarms[].AlarmName":         "",
		"cloudwatch list-dashboards --query DashboardEntries[].DashboardName": "",
	} {
		args := append(strings.Fields(what), "--output", "text")
		if left := strings.Join(strings.Fields(d.cloud.aws(t, args...)), " "); left != want {
			t.Errorf("aws %s: %q is left; want %q", what, left, want)
		}
	}
}

// An own bucket: S3 invokes the function for originals and for nothing else, and removals arrive in their queue; a change to
// presets.yaml reaches the functions by one apply; their roles may do what they need and no more.
func TestApplyComplete(t *testing.T) {
	t.Parallel()
	terraformPath(t)
	cloud := startCloud(t)
	d := prepare(t, cloud, "complete", "backfill=true", "completion=true")
	d.apply(t)
	d.settled(t)

	// moto would need Docker to invoke, so what S3 has been told is looked at.
	const want = `{"LambdaFunctionConfigurations":[{"Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":` +
		`[{"Name":"prefix","Value":"originals/"}]}},"Id":"presize-created",` +
		`"LambdaFunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:presize-resize"}],` +
		`"QueueConfigurations":[{"Events":["s3:ObjectRemoved:*","s3:LifecycleExpiration:*"],"Filter":{"Key":{"FilterRules":` +
		`[{"Name":"prefix","Value":"originals/"}]}},"Id":"presize-removed",` +
		`"QueueArn":"arn:aws:sqs:us-east-1:123456789012:presize-removed"}]}`
	if got := cloud.notifications(t); got != want {
		t.Errorf("the notification configuration is\n%s, want\n%s", got, want)
	}
	cloud.upload(t, "photos", "originals/users/42/cat & dog.jpg")
	cloud.remove(t, "photos", "originals/users/42/cat & dog.jpg")
	wantOne(t, cloud.changes(t, "presize-removed"), event.Removed, "originals/users/42/cat & dog.jpg")

	before := d.presets(t)
	d.replace(t, "presets.yaml", "{width: 368}", "{width: 400}")
	d.apply(t)
	d.settled(t)
	after := d.presets(t)
	if before == after {
		t.Errorf("the function still reads %s", before)
	}
	if cleanup := d.presetsOf(t, "presize-cleanup"); cleanup != after {
		t.Errorf("cleanup reads %s, resize %s", cleanup, after)
	}
	if out := cloud.aws(t, "s3", "cp", after, "-"); !strings.Contains(out, "{width: 400}") {
		t.Errorf("the function reads %s, which holds:\n%s", after, out)
	}
	if out, code := cloud.cli(t, cloud.env(), "s3", "cp", before, "-"); code == 0 {
		t.Errorf("the former presets.yaml is left in the bucket:\n%s", out)
	}

	d.enforce(t)
	d.destroy(t, "other")
}

// presets is where the function reads presets.yaml.
func (d deployed) presets(t *testing.T) string {
	t.Helper()
	return d.presetsOf(t, "presize-resize")
}

func (d deployed) presetsOf(t *testing.T, function string) string {
	t.Helper()
	return strings.TrimSpace(d.cloud.aws(t, "lambda", "get-function-configuration", "--function-name", function,
		"--query", "Environment.Variables.PRESIZE_PRESETS", "--output", "text"))
}

// The notification that another team has on the live bucket.
const foreign = `{"QueueConfigurations": [{"Id": "theirs", "QueueArn": "arn:aws:sqs:us-east-1:123456789012:theirs",` +
	` "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "invoices/"}]}}}]}`

// A live bucket: what would take another team's notification away is refused; by EventBridge originals arrive, and that
// notification stays byte for byte.
func TestApplyExistingBucket(t *testing.T) {
	t.Parallel()
	terraformPath(t)
	cloud := startCloud(t)
	cloud.aws(t, "s3api", "create-bucket", "--bucket", "photos")
	cloud.aws(t, "sqs", "create-queue", "--queue-name", "theirs")
	cloud.aws(t, "s3api", "put-bucket-notification-configuration", "--bucket", "photos", "--notification-configuration", foreign)
	there := cloud.notifications(t)
	cloud.aws(t, "sqs", "create-queue", "--queue-name", "probe")
	cloud.aws(t, "events", "put-rule", "--name", "probe", "--event-pattern", `{"source": ["nobody"]}`)

	for _, trigger := range []string{"direct", "queue"} {
		refused := prepare(t, cloud, "existing-bucket", "trigger="+trigger)
		out, code := refused.terraform(t, refused.at, append([]string{"plan", "-input=false"}, refused.vars...)...)
		for _, says := range []string{"S3 keeps one", "aws s3api get-bucket-notification-configuration --bucket photos", `trigger = "eventbridge"`, "owns_bucket_notifications = true"} {
			if code == 0 || !strings.Contains(out, says) {
				t.Errorf("trigger = %q is not refused (exit code %d) with %q:\n%s", trigger, code, says, out)
			}
		}
	}

	d := prepare(t, cloud, "existing-bucket")
	d.apply(t)
	d.settled(t)
	if got := cloud.notifications(t); got != there {
		t.Errorf("the notification configuration was %s and is %s", there, got)
	}

	// What the module tells its user to run switches EventBridge on and keeps the rest.
	outputs := d.outputs(t, d.at)
	if out, code := command(t, t.TempDir(), cloud.env(), "sh", "-c", outputs["enable_eventbridge"]); code != 0 {
		t.Fatalf("%s: exit code %d\n%s", outputs["enable_eventbridge"], code, out)
	}
	if got := cloud.notifications(t); got != there { // moto keeps EventBridge to itself
		t.Errorf("with EventBridge the notification configuration is %s; it was %s", got, there)
	}
	// moto cannot invoke the rule's target, and gives up there, so an earlier rule of the same pattern shows what it lets through.
	pattern := cloud.aws(t, "events", "describe-rule", "--name", outputs["rule_name"], "--query", "EventPattern", "--output", "text")
	cloud.aws(t, "events", "put-rule", "--name", "probe", "--event-pattern", pattern)
	cloud.aws(t, "events", "put-targets", "--rule", "probe", "--targets", "Id=probe,Arn=arn:aws:sqs:us-east-1:123456789012:probe")
	cloud.upload(t, "photos", "originals/users/42/cat & dog.jpg")
	cloud.upload(t, "photos", "invoices/1.jpg")
	wantOne(t, cloud.changes(t, "probe"), event.Created, "originals/users/42/cat & dog.jpg")
	wantOne(t, cloud.changes(t, "theirs"), event.Created, "invoices/1.jpg")

	// moto can send to the queue that the other rule's target is.
	cloud.remove(t, "photos", "originals/users/42/cat & dog.jpg")
	cloud.remove(t, "photos", "invoices/1.jpg")
	wantOne(t, cloud.changes(t, "presize-removed"), event.Removed, "originals/users/42/cat & dog.jpg")

	cloud.aws(t, "events", "remove-targets", "--rule", "probe", "--ids", "probe")
	cloud.aws(t, "events", "delete-rule", "--name", "probe")
	d.destroy(t, "photos")
	if got := cloud.notifications(t); !strings.Contains(got, "theirs") {
		t.Errorf("after destroy the notification configuration is %s", got)
	}
}

// notifications is a bucket's notification configuration in one line.
func (c *cloud) notifications(t *testing.T) string {
	t.Helper()
	var configuration map[string]any
	out := c.aws(t, "s3api", "get-bucket-notification-configuration", "--bucket", "photos", "--output", "json")
	if err := json.Unmarshal([]byte(out), &configuration); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	line, err := json.Marshal(configuration)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(line), `{"EventBridgeConfiguration":{},"QueueConfigurations":`, `{"QueueConfigurations":`, 1)
}

// changes are what the messages in a queue say, as the function reads them.
func (c *cloud) changes(t *testing.T, queue string) []event.Change {
	t.Helper()
	var changes []event.Change
	for _, body := range c.received(t, c.address+"/123456789012/"+queue) {
		envelope, err := event.Parse([]byte(body))
		if err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		for _, record := range envelope.Records {
			if record.Err != nil {
				t.Fatalf("%v: %s", record.Err, body)
			}
			changes = append(changes, record.Changes...)
		}
	}
	return changes
}

func wantOne(t *testing.T, changes []event.Change, kind event.Kind, key string) {
	t.Helper()
	if len(changes) != 1 || changes[0].Key != key || changes[0].Bucket != "photos" || changes[0].Kind != kind {
		t.Errorf("%+v arrives; want %s %v alone", changes, key, kind)
	}
}

// A queue in between: originals arrive in it, and nothing else does; removals have one of their own.
func TestApplyQueue(t *testing.T) {
	t.Parallel()
	terraformPath(t)
	cloud := startCloud(t)
	cloud.aws(t, "s3api", "create-bucket", "--bucket", "photos")
	d := prepare(t, cloud, "existing-bucket", "trigger=queue", "owns_bucket_notifications=true")
	d.apply(t)
	d.settled(t)

	cloud.upload(t, "photos", "originals/users/42/cat & dog.jpg")
	cloud.upload(t, "photos", "resized/small/cat.jpg")
	wantOne(t, cloud.changes(t, "presize-originals"), event.Created, "originals/users/42/cat & dog.jpg")

	// What is removed arrives in a queue of its own.
	cloud.remove(t, "photos", "originals/users/42/cat & dog.jpg")
	cloud.remove(t, "photos", "resized/small/cat.jpg")
	wantOne(t, cloud.changes(t, "presize-removed"), event.Removed, "originals/users/42/cat & dog.jpg")
	if more := cloud.changes(t, "presize-originals"); len(more) > 0 {
		t.Errorf("%+v arrives among the uploads", more)
	}
	d.destroy(t, "photos")
}
