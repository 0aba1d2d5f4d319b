package event

import (
	"encoding/json"
	"fmt"
)

// bridged is the part of events.EventBridgeEvent that becomes a change, with a time that may be odd.
type bridged struct {
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Region     string          `json:"region"`
	Time       json.RawMessage `json:"time"`
	Detail     json.RawMessage `json:"detail"`
}

type detail struct {
	Bucket struct {
		Name string `json:"name"`
	} `json:"bucket"`
	Object struct {
		Key       string `json:"key"` // as it is: EventBridge does not encode it
		Size      *int64 `json:"size"`
		ETag      string `json:"etag"`
		VersionID string `json:"version-id"`
		Sequencer string `json:"sequencer"`
	} `json:"object"`
}

// bridge reads an EventBridge event. One of another service is no known envelope.
func (r *reader) bridge(raw []byte, id string) error {
	const expected = `"Object Created" or "Object Deleted" of aws.s3`
	var b bridged
	if err := json.Unmarshal(raw, &b); err != nil {
		return malformed(raw, "an EventBridge event that does not decode", expected, err)
	}
	if b.Source != "aws.s3" {
		return malformed(raw, fmt.Sprintf("EventBridge's %q of %q", cut(b.DetailType, maxName), cut(b.Source, maxName)), expected, nil)
	}
	kind := Created
	switch b.DetailType {
	case "Object Created":
	case "Object Deleted":
		kind = Removed
	default:
		r.add(id, Record{Skipped: fmt.Sprintf("event %q neither creates nor removes an object", cut(b.DetailType, maxName))})
		return nil
	}
	var d detail
	if err := json.Unmarshal(b.Detail, &d); err != nil {
		r.add(id, Record{Err: malformed(raw, "an EventBridge detail that does not decode", expected, err)})
		return nil
	}
	r.add(id, change(raw, Change{
		Kind:      kind,
		Name:      b.DetailType,
		Bucket:    d.Bucket.Name,
		Key:       d.Object.Key,
		ETag:      d.Object.ETag,
		Size:      size(d.Object.Size),
		VersionID: d.Object.VersionID,
		Sequencer: d.Object.Sequencer,
		Region:    b.Region,
		Time:      clock(b.Time),
	}))
	return nil
}
