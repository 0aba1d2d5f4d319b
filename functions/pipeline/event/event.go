package event

import "time"

// Kind is what happened to an object.
type Kind int

// The kinds of change. Removed may speak of an old version or of a delete marker: whether the key still has an object
// is for storage to say.
const (
	Created Kind = iota + 1
	Removed
)

// String is the word that logs use.
func (k Kind) String() string {
	switch k {
	case Created:
		return "created"
	case Removed:
		return "removed"
	default:
		return "unknown"
	}
}

// Change is what one event record says happened to one object. Bucket and Key are never empty.
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
	Time      time.Time // UTC; zero when the event does not carry one that can be read

	// What only a backfill says, never AWS itself:
	Presets []string // names of the presets to render; empty: every one that the original gets
	Stale   bool     // look first, and render only what is missing or stale
}

// Record is the smallest part of an envelope that succeeds or fails by itself: one S3 record or EventBridge event, or
// a wrapping that could not be opened. Exactly one of Changes, Skipped and Err is set, and Changes then has one element.
//
// One SQS message can carry several S3 records. Each becomes a Record with that message's ID; the message has
// succeeded when all of them have. A task of S3 Batch Operations is one Record.
type Record struct {
	ID      string   // SQS message id, or id of the task; empty for other envelopes
	Changes []Change // empty for test events and for events about anything else
	Skipped string   // why Changes is empty although the record was understood
	Err     error    // a *MalformedError: the record could not be read; the others still can
}

// Source is the AWS service that calls the function, which decides the form of the answer.
type Source int

// The sources. Direct is S3, SNS or EventBridge invoking asynchronously: an error makes Lambda retry the whole event.
// SQS takes the ids of the messages that failed: see SQSAnswer. Batch is S3 Batch Operations, which takes a result for each
// task: see BatchAnswer.
const (
	Direct Source = iota + 1
	SQS
	Batch
)

// Envelope is one invocation's payload. Records are in the order of the payload.
type Envelope struct {
	Source     Source
	Records    []Record
	Invocation Invocation // of Batch, for its answer
}
