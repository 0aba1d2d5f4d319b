package report

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode is the event as JSON. Two characters that JSON allows and XML, which SNS and SQS are spoken in, does not are
// escaped; control characters are anyway.
func (c Completion) Encode() ([]byte, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", c, err)
	}
	data = bytes.ReplaceAll(data, []byte("\uFFFE"), []byte(`\ufffe`))
	return bytes.ReplaceAll(data, []byte("\uFFFF"), []byte(`\uffff`)), nil
}

// DecodeCompletion reads an event. Fields that it does not know are ignored; another version is ErrVersion.
func DecodeCompletion(data []byte) (Completion, error) {
	var c Completion
	if err := decode(data, &c); err != nil {
		return Completion{}, fmt.Errorf("completion event: %w", err)
	}
	return c, nil
}

// Fit is the event in at most limit bytes of JSON, with that JSON. What does not fit is left out in this order, and
// Truncated says so: srcset, which follows from the variants; the failures' messages; the failures; the variants; the
// placeholder; the names of the presets. What is left then is bounded by the length of keys, about 20 KB in the worst case:
// a smaller limit is an error.
func (c Completion) Fit(limit int) (Completion, []byte, error) {
	steps := []func(*Completion){
		func(*Completion) {},
		onManifest(func(m *Manifest) { m.Srcset = nil }),
		onManifest(withoutMessages),
		onManifest(func(m *Manifest) { m.Failures = nil }),
		onManifest(func(m *Manifest) { m.Variants = nil }),
		onManifest(func(m *Manifest) { m.Placeholder = nil }),
		func(c *Completion) { c.Presets = nil },
	}
	for i, leaveOut := range steps {
		leaveOut(&c)
		c.Truncated = c.Truncated || i > 0
		data, err := c.Encode()
		if err != nil {
			return Completion{}, nil, err
		}
		if len(data) <= limit {
			return c, data, nil
		}
	}
	return Completion{}, nil, fmt.Errorf("%v does not fit into %d bytes, even without its lists", c, limit)
}

// onManifest changes a copy of the event's manifest.
func onManifest(change func(*Manifest)) func(*Completion) {
	return func(c *Completion) {
		if c.Manifest != nil {
			m := *c.Manifest
			change(&m)
			c.Manifest = &m
		}
	}
}

func withoutMessages(m *Manifest) {
	short := make([]Failure, len(m.Failures))
	for i, f := range m.Failures {
		f.Message = ""
		short[i] = f
	}
	m.Failures = short
}
