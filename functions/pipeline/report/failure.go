package report

import (
	"encoding/json"
	"fmt"
	"time"
)

// FailureRecord is the quarantine's note on an original that cannot be rendered, or not by every preset. A later success
// removes it.
type FailureRecord struct {
	// The version of this document's format.
	Version int `json:"version" jsonschema:"required,enum=1"`

	// What was uploaded.
	Original OriginalState `json:"original" jsonschema:"required"`

	// A short word for why: "not-an-image", "too-many-pixels", "key-taken".
	Reason string `json:"reason" jsonschema:"required,minLength=1"`

	// What the reason's word leaves out.
	Message string `json:"message" jsonschema:"required"`

	// The presets that failed, when not all of them did for the one reason above.
	Failures []Failure `json:"failures" jsonschema:"required"`

	// When this was found, in UTC.
	Time time.Time `json:"time" jsonschema:"required"`

	// The version of the renderer that could not.
	Renderer string `json:"renderer" jsonschema:"required"`
}

// OriginalState is an original by its key and its state.
type OriginalState struct {
	// Its key in the bucket.
	Key string `json:"key" jsonschema:"required,minLength=1"`

	// Its ETag, without quotes; empty when it is not known.
	ETag string `json:"etag,omitempty"`
}

// FailureOf makes the record of a manifest's failures. ok is false when it has none.
func (r Rendering) FailureOf(m Manifest) (record FailureRecord, ok bool) {
	if len(m.Failures) == 0 {
		return FailureRecord{}, false
	}
	first := m.Failures[0]
	record = FailureRecord{
		Version: Version, Original: OriginalState{Key: m.Original.Key, ETag: m.Original.ETag},
		Reason: first.Reason, Message: first.Message, Failures: []Failure{},
		Time: moment(r.At), Renderer: r.Renderer,
	}
	for _, f := range m.Failures {
		if f.Preset != "" {
			record.Failures = append(record.Failures, f)
		}
	}
	return record, true
}

// Encode is the record as JSON, the same bytes for the same record.
func (f FailureRecord) Encode() ([]byte, error) {
	f.Failures = append([]Failure{}, f.Failures...)
	data, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("failure record of %q: %w", f.Original.Key, err)
	}
	return data, nil
}

// DecodeFailure reads a record. Fields that it does not know are ignored; another version is ErrVersion.
func DecodeFailure(data []byte) (FailureRecord, error) {
	var f FailureRecord
	if err := decode(data, &f); err != nil {
		return FailureRecord{}, fmt.Errorf("failure record: %w", err)
	}
	f.Failures = append([]Failure{}, f.Failures...)
	return f, nil
}
