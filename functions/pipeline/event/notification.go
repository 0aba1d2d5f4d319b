package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// notification is the part of events.S3EventRecord that becomes a change. The whole of it would refuse the record for
// one odd time, and cannot tell a missing size from an empty object.
type notification struct {
	AWSRegion string          `json:"awsRegion"`
	EventTime json.RawMessage `json:"eventTime"`
	Presize   json.RawMessage `json:"presize"`
	S3        struct {
		Bucket events.S3Bucket `json:"bucket"`
		Object sizedObject     `json:"object"`
	} `json:"s3"`
}

// sizedObject is events.S3Object, with -1 for a size that is not there.
type sizedObject struct{ events.S3Object }

// UnmarshalJSON also decodes the key, into URLDecodedKey.
func (o *sizedObject) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &o.S3Object); err != nil {
		return err
	}
	var sized struct {
		Size *int64 `json:"size"`
	}
	if err := json.Unmarshal(data, &sized); err != nil {
		return err
	}
	o.Size = size(sized.Size)
	return nil
}

// s3Record reads one record of an S3 notification.
func s3Record(raw json.RawMessage) Record {
	const expected = "a record of an S3 event notification"
	var named struct {
		EventName string `json:"eventName"`
	}
	if err := json.Unmarshal(raw, &named); err != nil || named.EventName == "" {
		return Record{Err: malformed(raw, "a record without an event name", expected, err)}
	}
	kind := kindOf(named.EventName)
	if kind == 0 {
		return Record{Skipped: fmt.Sprintf("event %q neither creates nor removes an object", cut(named.EventName, maxName))}
	}
	var n notification
	if err := json.Unmarshal(raw, &n); err != nil {
		if escape, ok := errors.AsType[url.EscapeError](err); ok {
			return brokenEscape(raw, escape)
		}
		return Record{Err: malformed(raw, "a record that does not decode", expected, err)}
	}
	asked, err := readWish(n.Presize)
	if err != nil {
		return Record{Err: err}
	}
	return change(raw, asked.of(Change{
		Kind:      kind,
		Name:      named.EventName,
		Bucket:    n.S3.Bucket.Name,
		Key:       n.S3.Object.URLDecodedKey,
		ETag:      n.S3.Object.ETag,
		Size:      n.S3.Object.Size,
		VersionID: n.S3.Object.VersionID,
		Sequencer: n.S3.Object.Sequencer,
		Region:    n.AWSRegion,
		Time:      clock(n.EventTime),
	}))
}

// brokenEscape is the record of a key that is not encoded as S3 encodes keys.
func brokenEscape(raw []byte, err error) Record {
	escape, _ := errors.AsType[url.EscapeError](err)
	return Record{Err: malformed(raw, fmt.Sprintf("a key with the broken escape %q", string(escape)),
		"a form-encoded key: + for a space, %2B for a plus", err)}
}

// change is the record of a change that names an object.
func change(raw []byte, c Change) Record {
	switch {
	case c.Bucket == "":
		return Record{Err: malformed(raw, "no bucket name", "the name of the object's bucket", nil)}
	case c.Key == "":
		return Record{Err: malformed(raw, "no object key", "the key of the object", nil)}
	}
	c.ETag = strings.Trim(c.ETag, `"`)
	return Record{Changes: []Change{c}}
}

// kindOf places an event by its name, with or without the prefix "s3:" that some S3-compatible servers leave on; 0 is
// an event about something else.
func kindOf(name string) Kind {
	class, _, _ := strings.Cut(strings.TrimPrefix(name, "s3:"), ":")
	switch class {
	case "ObjectCreated":
		return Created
	case "ObjectRemoved", "LifecycleExpiration":
		return Removed
	default:
		return 0
	}
}

func size(bytes *int64) int64 {
	if bytes == nil || *bytes < 0 {
		return -1
	}
	return *bytes
}

// clock reads a time, also one without a zone, which is UTC then; what it cannot read is the zero time, because no
// change should be lost for it.
func clock(raw json.RawMessage) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text(raw)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
