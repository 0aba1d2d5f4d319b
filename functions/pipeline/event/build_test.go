package event_test

import (
	"encoding/json"
	"maps"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/event"
)

var built = event.Change{
	Kind: event.Created, Name: "ObjectCreated:Put", Bucket: bucket, Key: "originals/a b+c%20/é.jpg", ETag: catETag,
	Size: 12, VersionID: "v1", Sequencer: "0065F2", Region: "eu-central-1", Time: at,
}

func TestS3NotificationRoundTrip(t *testing.T) {
	names := map[event.Kind][]string{
		event.Created: {"ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload", "ObjectCreated:Post"},
		event.Removed: {"ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated", "LifecycleExpiration:Delete"},
	}
	presets := [][]string{nil, {"small"}, {"small", "thumbnail"}, {"ä \"b\","}}
	holds := func(key string, runes []rune, kind, stale bool, name uint, size uint32, version, sequencer string, ms uint32) bool {
		c := built
		c.Key = "k" + key + string(runes)
		c.Kind = event.Created
		if kind {
			c.Kind = event.Removed
		}
		c.Name = names[c.Kind][name%uint(len(names[c.Kind]))]
		c.Size = int64(size) - 1
		c.VersionID, c.Sequencer = version, sequencer
		c.Time = time.UnixMilli(int64(ms)).UTC()
		c.Stale, c.Presets = stale, presets[size%uint32(len(presets))]
		return roundTrips(t, c, built)
	}
	if err := quick.Check(holds, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func FuzzS3Notification(f *testing.F) {
	for _, key := range []string{"a b", "a+b", "a%2Bb", "é日本語", "\x00\x1f\u2028", "a//b/../c", "%", "\xff"} {
		f.Add(key, key, false)
		f.Add(key, "", true)
	}
	f.Fuzz(func(t *testing.T, key, preset string, stale bool) {
		c := built
		c.Key, c.Stale = key, stale
		if preset != "" {
			c.Presets = []string{preset, "small"}
		}
		switch {
		case key == "":
		case !utf8.ValidString(preset):
			if payload, err := event.S3Notification(c); err == nil {
				t.Errorf("no error, but %s", payload)
			}
		case !roundTrips(t, c):
			t.Errorf("key %q, preset %q did not come back", key, preset)
		}
	})
}

// roundTrips says whether Parse reads back what S3Notification made.
func roundTrips(t *testing.T, changes ...event.Change) bool {
	t.Helper()
	payload, err := event.S3Notification(changes...)
	if err != nil {
		t.Error(err)
		return false
	}
	e, err := event.Parse(payload)
	if err != nil {
		t.Error(err)
		return false
	}
	var got []event.Change
	for _, r := range e.Records {
		got = append(got, r.Changes...)
	}
	if diff := cmp.Diff(changes, got); diff != "" {
		t.Errorf("Parse(S3Notification(c)) (-want +got):\n%s", diff)
		return false
	}
	return true
}

func TestS3NotificationMembers(t *testing.T) {
	full, bare := built, event.Change{Kind: event.Removed, Bucket: bucket, Key: "originals/old.jpg", Size: -1}
	full.ETag = `"` + catETag + `"`
	full.Presets, full.Stale = []string{"small"}, true
	payload, err := event.S3Notification(full, bare)
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		Records []map[string]any
	}
	if err := json.Unmarshal(payload, &raw); err != nil {
		t.Fatal(err)
	}
	entity := func(key string, object map[string]any) map[string]any {
		owner := map[string]any{"principalId": "AWS:PRESIZE"}
		object["key"] = key
		return map[string]any{
			"s3SchemaVersion": "1.0", "configurationId": "presize", "object": object,
			"bucket": map[string]any{"name": bucket, "ownerIdentity": owner, "arn": "arn:aws:s3:::" + bucket},
		}
	}
	common := func(name string, more map[string]any) map[string]any {
		record := map[string]any{
			"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name,
			"userIdentity":      map[string]any{"principalId": "AWS:PRESIZE"},
			"requestParameters": map[string]any{"sourceIPAddress": "127.0.0.1"},
			"responseElements": map[string]any{
				"x-amz-request-id": "C3D13FE58DE4C810",
				"x-amz-id-2":       "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
			},
		}
		maps.Copy(record, more)
		return record
	}
	want := []map[string]any{
		common("ObjectCreated:Put", map[string]any{
			"awsRegion": "eu-central-1", "eventTime": "2026-03-14T09:26:53.589Z",
			"s3": entity("originals/a+b%2Bc%2520/%C3%A9.jpg", map[string]any{
				"size": 12.0, "eTag": catETag, "versionId": "v1", "sequencer": "0065F2",
			}),
			"presize": map[string]any{"presets": []any{"small"}, "only": "stale"},
		}),
		common("ObjectRemoved:Delete", map[string]any{"awsRegion": "", "s3": entity("originals/old.jpg", map[string]any{})}),
	}
	if diff := cmp.Diff(want, raw.Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestS3NotificationRefuses(t *testing.T) {
	for name, changes := range map[string][]event.Change{
		"no changes":         nil,
		"no key":             {{Kind: event.Created, Bucket: bucket}},
		"no bucket":          {{Kind: event.Created, Key: "k"}},
		"no kind":            {{Bucket: bucket, Key: "k"}},
		"name of other kind": {{Kind: event.Created, Name: "ObjectRemoved:Delete", Bucket: bucket, Key: "k"}},
		"an empty preset":    {{Kind: event.Created, Bucket: bucket, Key: "k", Presets: []string{""}}},
		"eventbridge's name": {{Kind: event.Created, Name: "Object Created", Bucket: bucket, Key: "k"}},
	} {
		t.Run(name, func(t *testing.T) {
			if payload, err := event.S3Notification(changes...); err == nil {
				t.Errorf("no error, but %s", payload)
			}
		})
	}
}

func TestSQSAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		failed []string
		want   string
	}{
		"none":             {nil, `{"batchItemFailures":[]}`},
		"each once":        {[]string{"b", "a", "b"}, `{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"a"}]}`},
		"the whole of one": {[]string{""}, `{"batchItemFailures":[{"itemIdentifier":""}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			answer := event.SQSAnswer(c.failed)
			got, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}
