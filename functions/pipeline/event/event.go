package event

import "time"

// Kind is what happened to an object.
type Kind int

// The kinds of change.
const (
	Created Kind = iota + 1
	Removed
)

// Change is what one event record says happened to one object.
type Change struct {
	Kind      Kind
	Name      string // the event's own name: "ObjectCreated:Put", "Object Created", ...
	Bucket    string
	Key       string // decoded, as S3 calls take it
	ETag      string // without quotes; empty when the event does not carry it
	Size      int64  // bytes; -1 when the event does not carry it
	VersionID string
	Sequencer string
	Region    string
	Time      time.Time // zero when the event does not carry it
}

// Record is one part of an envelope that succeeds or fails by itself: a message of an SQS batch, or the whole of any
// other envelope.
type Record struct {
	ID      string   // SQS message id; empty for other envelopes
	Changes []Change // empty for test events and for events about anything else
	Skipped string   // why Changes is empty although the record was understood
	Err     error    // the record could not be read; the others still can
}

// Source is the AWS service that calls the function, which decides the form of the answer.
type Source int

// The sources. Direct is S3, SNS or EventBridge invoking asynchronously: an error makes Lambda retry the whole event.
const (
	Direct Source = iota + 1
	SQS
)

// Envelope is one invocation's payload.
type Envelope struct {
	Source  Source
	Records []Record
}
