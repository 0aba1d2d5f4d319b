package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// What S3Notification says of the request, which no change carries.
const (
	schemaVersion = "1.0"
	eventVersion  = "2.1"
	configuration = "presize"
	principal     = "AWS:PRESIZE"
	requestID     = "C3D13FE58DE4C810"
	hostID        = "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD"
	address       = "127.0.0.1"
)

// built is events.S3EventRecord with the members that S3 leaves out left out, in S3's order.
type built struct {
	EventVersion      string            `json:"eventVersion"`
	EventSource       string            `json:"eventSource"`
	AWSRegion         string            `json:"awsRegion"`
	EventTime         string            `json:"eventTime,omitempty"`
	EventName         string            `json:"eventName"`
	UserIdentity      identity          `json:"userIdentity"`
	RequestParameters map[string]string `json:"requestParameters"`
	ResponseElements  map[string]string `json:"responseElements"`
	S3                entity            `json:"s3"`
	Presize           *wish             `json:"presize,omitempty"` // S3 has no such member
}

type identity struct {
	PrincipalID string `json:"principalId"`
}

type entity struct {
	SchemaVersion   string `json:"s3SchemaVersion"`
	ConfigurationID string `json:"configurationId"`
	Bucket          struct {
		Name  string   `json:"name"`
		Owner identity `json:"ownerIdentity"`
		ARN   string   `json:"arn"`
	} `json:"bucket"`
	Object struct {
		Key       string `json:"key"`
		Size      *int64 `json:"size,omitempty"`
		ETag      string `json:"eTag,omitempty"`
		VersionID string `json:"versionId,omitempty"`
		Sequencer string `json:"sequencer,omitempty"`
	} `json:"object"`
}

// S3Notification makes the JSON that S3 sends for changes: what Parse reads back as the same changes, with times cut to
// the millisecond. A change without a name gets that of a simple put or delete. Presets and Stale, which S3 does not know,
// stand in a member of their own, "presize", of the record: {"presets": ["small"], "only": "stale"}.
func S3Notification(changes ...Change) ([]byte, error) {
	if len(changes) == 0 {
		return nil, errors.New("S3 notification: no changes, and S3 sends none without")
	}
	records := make([]built, len(changes))
	for i, c := range changes {
		if c.Name == "" {
			c.Name = map[Kind]string{Created: "ObjectCreated:Put", Removed: "ObjectRemoved:Delete"}[c.Kind]
		}
		switch {
		case c.Bucket == "" || c.Key == "":
			return nil, fmt.Errorf("S3 notification: change %d has bucket %q and key %q; it needs both", i, c.Bucket, c.Key)
		case c.Kind == 0 || kindOf(c.Name) != c.Kind:
			return nil, fmt.Errorf("S3 notification: change %d of %q is %s and named %q; S3 has no such event", i, c.Key, c.Kind, c.Name)
		}
		if asked := wishOf(c); asked != nil {
			if err := asked.check(nil); err != nil {
				return nil, fmt.Errorf("S3 notification: change %d of %q: %w", i, c.Key, err)
			}
		}
		records[i] = record(c)
	}
	return json.Marshal(map[string][]built{"Records": records})
}

func record(c Change) built {
	b := built{
		EventVersion: eventVersion, EventSource: "aws:s3", AWSRegion: c.Region, EventName: c.Name,
		UserIdentity:      identity{principal},
		RequestParameters: map[string]string{"sourceIPAddress": address},
		ResponseElements:  map[string]string{"x-amz-request-id": requestID, "x-amz-id-2": hostID},
		S3:                entity{SchemaVersion: schemaVersion, ConfigurationID: configuration},
		Presize:           wishOf(c),
	}
	if !c.Time.IsZero() {
		b.EventTime = c.Time.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	bucket, object := &b.S3.Bucket, &b.S3.Object
	bucket.Name, bucket.Owner, bucket.ARN = c.Bucket, identity{principal}, "arn:aws:s3:::"+c.Bucket
	// S3 encodes as forms do, but leaves the slash.
	object.Key = strings.ReplaceAll(url.QueryEscape(c.Key), "%2F", "/")
	if c.Size >= 0 {
		object.Size = &c.Size
	}
	object.ETag, object.VersionID, object.Sequencer = strings.Trim(c.ETag, `"`), c.VersionID, c.Sequencer
	return b
}
