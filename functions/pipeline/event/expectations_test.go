package event_test

import (
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/event"
)

// outcome is what is expected of one event.Record: one of its last three fields.
type outcome struct {
	ID      string
	Change  event.Change
	Skipped string // the whole reason
	Found   string // of the *event.MalformedError
}

const bucket = "presize-uploads"

var at = time.Date(2026, 3, 14, 9, 26, 53, 589e6, time.UTC)

func changed(kind event.Kind, name, key, etag, version, sequencer string, size int64) outcome {
	return outcome{Change: event.Change{
		Kind: kind, Name: name, Bucket: bucket, Key: key, ETag: etag, Size: size, VersionID: version,
		Sequencer: sequencer, Region: "eu-central-1", Time: at,
	}}
}

func created(name, key, etag, sequencer string, size int64) outcome {
	return changed(event.Created, name, key, etag, "", sequencer, size)
}

func timed(o outcome, t time.Time) outcome {
	o.Change.Time = t
	return o
}

func versioned(o outcome, version string) outcome {
	o.Change.VersionID = version
	return o
}

const (
	catETag   = "9b2cf535f27731c974343645a3985328"
	emptyETag = "d41d8cd98f00b204e9800998ecf8427e"
	oneETag   = "c4ca4238a0b923820dcc509a6f75849b"
)

var (
	put     = created("ObjectCreated:Put", "originals/users/42/cat.jpg", catETag, "0065F2C3AD8A1B2C3D", 204800)
	after   = created("ObjectCreated:Put", "originals/after.jpg", "8f14e45fceea167a5a36dedd4bea2543", "0065F2C3AD8A1B2C52", 7)
	removed = changed(event.Removed, "ObjectRemoved:Delete", "originals/users/42/cat.jpg", "", "", "0065F2C3AD8A1B2C40", -1)
	several = []outcome{
		put,
		created("ObjectCreated:Put", "originals/empty.jpg", emptyETag, "0065F2C3AD8A1B2C44", 0),
		changed(event.Removed, "ObjectRemoved:Delete", "originals/gone.jpg", "", "", "0065F2C3AD8A1B2C45", -1),
	}
	test = outcome{Skipped: "S3's test event, sent when a notification is configured"}
)

func keys(names ...string) []outcome {
	var all []outcome
	for _, name := range names {
		all = append(all, created("ObjectCreated:Put", name, oneETag, "0065F2C3AD8A1B2C60", 1))
	}
	return all
}

// notifications are the cases of S3 event notifications, which stand in every wrapping.
var notifications = map[string][]outcome{
	"put":           {put},
	"copy":          {versioned(created("ObjectCreated:Copy", "originals/users/42/copy.jpg", catETag, "0065F2C3AD8A1B2C3E", 204800), "096fKKXTRTtl3on89fVO.nfljtsv6qko")},
	"multipart":     {created("ObjectCreated:CompleteMultipartUpload", "originals/panorama.tif", emptyETag+"-9", "0065F2C3AD8A1B2C3F", 73400320)},
	"delete":        {removed},
	"delete-marker": {changed(event.Removed, "ObjectRemoved:DeleteMarkerCreated", "originals/users/42/cat.jpg", emptyETag, "1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF", "0065F2C3AD8A1B2C41", -1)},
	"lifecycle":     {changed(event.Removed, "LifecycleExpiration:Delete", "originals/old.jpg", "", "", "0065F2C3AD8A1B2C42", -1)},
	"lifecycle-delete-marker": {
		changed(event.Removed, "LifecycleExpiration:DeleteMarkerCreated", "originals/old.jpg", emptyETag, "mtB0cV.jejK63XkRNceanNMC.qXPWLeK", "0065F2C3AD8A1B2C43", -1),
	},
	"several": several,
	"keys": keys("originals/summer holiday/day 1.jpg", "originals/c++ notes.png", "originals/100%25 sure.jpg",
		"originals/Zürich/日本語 写真.webp", `originals/it's "quoted" & <tagged>.jpg`, "originals/👩‍👩‍👧/a=b;c,d~e*f.gif"),
	"tagging": {{Skipped: `event "ObjectTagging:Put" neither creates nor removes an object`}},
	"restore": {{Skipped: `event "ObjectRestore:Completed" neither creates nor removes an object`}},
	"test":    {test},
	"empty":   {{Skipped: "the event has no records"}},
	"foreign": {created("s3:ObjectCreated:Put", "originals/other server.jpg", "900150983cd24fb0d6963f7d28e17f72", "17C5A1B2", 3)},
	"time": {
		created("ObjectCreated:Put", "originals/no-zone.jpg", oneETag, "01", 5),
		timed(created("ObjectCreated:Put", "originals/offset.jpg", oneETag, "02", 5), at.Truncate(time.Second)),
		timed(created("ObjectCreated:Put", "originals/odd.jpg", oneETag, "03", 5), time.Time{}),
	},
	"malformed": {
		put,
		{Found: `a key with the broken escape "%zz"`},
		{Found: "no bucket name"},
		{Found: "no bucket name"},
		{Found: "a record without an event name"},
		{Found: "a record that does not decode"},
		{Found: `a record of "aws:dynamodb": an object with "dynamodb", "eventSource"`},
		{Found: "what is not a JSON object"},
		after,
	},
}

// bridged are the cases of EventBridge, direct and in SQS.
var bridged = map[string][]outcome{
	"put":           {bridge(event.Created, "originals/users/42/cat.jpg", catETag, "", "0065F2C3AD8A1B2C3D", 204800)},
	"copy":          {bridge(event.Created, "originals/users/42/copy.jpg", catETag, "096fKKXTRTtl3on89fVO.nfljtsv6qko", "0065F2C3AD8A1B2C3E", 204800)},
	"multipart":     {bridge(event.Created, "originals/panorama.tif", emptyETag+"-9", "", "0065F2C3AD8A1B2C3F", 73400320)},
	"delete":        {bridge(event.Removed, "originals/users/42/cat.jpg", "", "", "0065F2C3AD8A1B2C40", -1)},
	"delete-marker": {bridge(event.Removed, "originals/users/42/cat.jpg", emptyETag, "1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF", "0065F2C3AD8A1B2C41", -1)},
	"lifecycle":     {bridge(event.Removed, "originals/old.jpg", "", "", "0065F2C3AD8A1B2C42", -1)},
	"keys":          {bridge(event.Created, "originals/Zürich/50% off + a%20b 日本語.jpg", oneETag, "", "0065F2C3AD8A1B2C60", 1)},
	"time":          {bridge(event.Created, "originals/no-zone.jpg", oneETag, "", "01", 5)},
	"restore":       {{Skipped: `event "Object Restore Completed" neither creates nor removes an object`}},
	"tagging":       {{Skipped: `event "Object Tags Added" neither creates nor removes an object`}},
	"malformed":     {{Found: "no bucket name"}},
	"detail":        {{Found: "an EventBridge detail that does not decode"}},
}

func bridge(kind event.Kind, key, etag, version, sequencer string, size int64) outcome {
	name := map[event.Kind]string{event.Created: "Object Created", event.Removed: "Object Deleted"}[kind]
	return timed(changed(kind, name, key, etag, version, sequencer, size), at.Truncate(time.Second))
}

const taskID = "dGFza2lkZ29lc2hlcmUK"

func task(id, key string) outcome {
	return outcome{ID: id, Change: event.Change{
		Kind: event.Created, Name: "S3BatchOperations:LambdaInvoke", Bucket: bucket, Key: key, Size: -1, Stale: true,
	}}
}

func asked(o outcome, stale bool, presets ...string) outcome {
	o.Change.Stale, o.Change.Presets = stale, presets
	return o
}

// batches are the cases of S3 Batch Operations; batch1 and batch2 are its invocation schemas.
var batches = map[string][]outcome{
	"put":    {task(taskID, "originals/users/42/cat.jpg")},
	"region": {task(taskID, "originals/users/42/cat.jpg")},
	"keys": {
		task("task-1", "originals/summer holiday/day 1.jpg"), task("task-2", "originals/c++ notes.png"),
		task("task-3", "originals/100%25 sure.jpg"), task("task-4", "originals/Zürich/日本語 写真.webp"),
		task("task-5", `originals/it's "quoted" & <tagged>.jpg`),
	},
	"malformed": {
		task("task-1", "originals/users/42/cat.jpg"),
		{ID: "task-2", Found: `a key with the broken escape "%zz"`},
		{ID: "task-3", Found: "no object key"},
		{ID: "task-4", Found: "no bucket name"},
		{ID: "task-5", Found: "a task that does not decode"},
		task("task-6", "originals/users/42/cat.jpg"),
	},
	"all":     {asked(task(taskID, "originals/users/42/cat.jpg"), false)},
	"presets": {asked(task(taskID, "originals/users/42/cat.jpg"), true, "small", "thumbnail")},
	"unknown-argument": {
		{ID: "task-1", Found: `the unknown user argument "preset"`}, {ID: "task-2", Found: `the unknown user argument "preset"`},
	},
	"odd-only":      {{ID: taskID, Found: `"only" with "missing"`}},
	"no-preset":     {{ID: taskID, Found: `"presets" with an empty name`}},
	"odd-arguments": {{ID: taskID, Found: "user arguments that do not decode"}},
	"schema":        {{ID: taskID, Found: `the invocation schema "3.0"`}},
}

const (
	message1 = "059f36b4-87a3-44ab-83d2-661975830a7d"
	message2 = "2e1424d4-f796-459a-8184-9c92662be6da"
	message3 = "7ba9a3f0-64fa-4b8c-8b0b-9c1b5d8fb1b5"
	message4 = "c80e8021-a70a-42c7-a470-796e1186f753"
	message5 = "b4e0c2a8-1f3c-4d0e-9f57-6b7a40d1c2e3"
	message6 = "d3f1a9b0-52c4-4e6f-8a11-0c9d8e7f6a5b"
	message7 = "e5a7c1d2-9b3f-4c8d-a2e4-1f0b6d5c4a39"
	message8 = "f6b8d2e3-0c4a-4d9e-b3f5-2a1c7e6d5b40"
)

// single are the fixtures that stand in one wrapping only.
var single = map[string]expectation{
	"batch1-put": {source: event.Batch, outcomes: []outcome{
		versioned(task(taskID, "originals/users/42/cat.jpg"), "096fKKXTRTtl3on89fVO.nfljtsv6qko"),
	}},
	"sqs-mixed": {source: event.SQS, outcomes: []outcome{
		in(message1, put),
		{ID: message2, Found: "what is not a JSON object"},
		in(message3, several[0]), in(message3, several[1]), in(message3, several[2]),
		in(message4, test),
		in(message5, bridged["delete"][0]),
		{ID: message6, Found: "an SQS message without text"},
		{ID: message7, Skipped: "an SNS SubscriptionConfirmation, which somebody has to answer by hand"},
		{ID: message8, Found: `an object with "hello"`},
		put, // its message has no id
	}},
	"sqs-deep":         {source: event.SQS, outcomes: []outcome{{ID: message1, Found: "more than 4 wrappings"}}},
	"sns-mixed":        {source: event.Direct, outcomes: []outcome{put, {Found: "what is not a JSON object"}, removed}},
	"batch2-no-tasks":  {source: event.Batch, found: "an invocation by S3 Batch Operations without tasks"},
	"batch2-odd-tasks": {source: event.Batch, found: "an invocation by S3 Batch Operations that does not decode"},
	"s3-presize": {source: event.Direct, outcomes: []outcome{
		asked(put, true, "small"), asked(put, true), asked(put, false, "small", "thumbnail"), put, put, put,
		{Found: `"only" with "missing"`},
		{Found: `"presets" with an empty name`},
		{Found: `a record whose "presize" does not decode`},
		{Found: `a record whose "presize" does not decode`},
	}},
	"sqs-presize":                    {source: event.SQS, outcomes: []outcome{in(message1, asked(put, true, "small"))}},
	"sqs-destination":                {source: event.SQS, outcomes: []outcome{in(message1, put)}},
	"destination-aged":               {source: event.Direct, outcomes: []outcome{put}},
	"destination-null":               {found: "null"},
	"destination-eventbridge-put":    {source: event.Direct, outcomes: bridged["put"]},
	"destination-eventbridge-delete": {source: event.Direct, outcomes: bridged["delete"]},
	"destination-sns-put":            {source: event.Direct, outcomes: []outcome{put}},
	"unknown-schedule":               {found: `EventBridge's "Scheduled Event" of "aws.events"`},
	"unknown-dynamodb":               {found: `a record of "aws:dynamodb": an object with "awsRegion", "dynamodb", "eventID", "eventName", "eventSource", "eventSourceARN" and 1 more`},
	"unknown-http":                   {found: `an object with "body", "headers", "isBase64Encoded", "rawPath", "requestContext", "routeKey" and 1 more`},
	"unknown-records":                {found: `"Records" that is not a list`},
	"unknown-list":                   {found: "what is not a JSON object"},
	"unknown-cut":                    {found: "what is not a JSON object"},
}

// expectation is what Parse makes of a fixture: outcomes, or the error's Found.
type expectation struct {
	source   event.Source
	outcomes []outcome
	found    string
}

func in(id string, o outcome) outcome {
	o.ID = id
	return o
}

// expected finds a fixture's expectation by its name: single, or <wrapping>-<case>.
func expected(name string) (expectation, bool) {
	if e, ok := single[name]; ok {
		return e, true
	}
	for _, w := range []struct {
		prefix string
		source event.Source
		id     string
		cases  map[string][]outcome
	}{
		{"eventbridge-in-sqs-", event.SQS, message1, bridged},
		{"eventbridge-", event.Direct, "", bridged},
		{"sns-in-sqs-", event.SQS, message1, notifications},
		{"sns-", event.Direct, "", notifications},
		{"sqs-", event.SQS, message1, notifications},
		{"s3-", event.Direct, "", notifications},
		{"destination-", event.Direct, "", notifications},
		{"batch1-", event.Batch, "", batches},
		{"batch2-", event.Batch, "", batches},
		{"batch3-", event.Batch, "", batches},
	} {
		bare, ok := strings.CutPrefix(name, w.prefix)
		if !ok {
			continue
		}
		outcomes, ok := w.cases[bare]
		e := expectation{source: w.source}
		for _, o := range outcomes {
			if w.id != "" {
				o.ID = w.id
			}
			e.outcomes = append(e.outcomes, o)
		}
		return e, ok
	}
	return expectation{}, false
}
