package report

import "time"

// Original is the account of one original: what became of it and what it cost. It is logged as one line and counted
// as one set of metrics.
type Original struct {
	Bucket   string
	Key      string
	ETag     string
	Type     string // "jpeg", "png", ... as the bytes say; empty when it was not read
	Width    int    // pixels, upright
	Height   int    // pixels, upright
	Frames   int
	BytesIn  int64
	Rounds   int     // how often it was rendered because it changed meanwhile; 1 is the rule
	Outcome  Outcome // of the original as a whole
	Reason   string  // a short word for why it was skipped or failed: "not-an-image", "too-many-pixels", ...
	Err      error   // what the reason's word leaves out
	Variants []Variant
	Deleted  int // variants: of older states, or of an original that is gone
	Stages   Stages
	Total    time.Duration
}

// Outcome is what became of an original.
type Outcome string

// The outcomes. Gone is a created original that is deleted by now, Removed a removed one whose variants are gone too. Failed is permanent: a retry gives the same. Retry is transient: the error is returned so that Lambda
// or SQS delivers the event again.
const (
	Done    Outcome = "done"
	Skipped Outcome = "skipped"
	Gone    Outcome = "gone"
	Removed Outcome = "removed"
	Failed  Outcome = "failed"
	Retry   Outcome = "retry"
)

// Variant is the account of one variant.
type Variant struct {
	Preset string
	Key    string
	Width  int // pixels
	Height int // pixels
	Bytes  int64
	Type   string // MIME type
	// Fingerprint of a variant that was left as it stood; empty: the preset's of today.
	Fingerprint string
	Written     bool   // false: the same variant already stood there
	Reason      string // why it failed; empty when it did not
	Err         error
	Render      time.Duration
	Upload      time.Duration
}

// Stages are the wall times of an original's way through the pipeline. Render and Upload are the sums over its
// variants, which overlap.
type Stages struct {
	Fetch, Probe, Master, Render, Upload, Verify time.Duration
}
