package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what an error repeats of foreign bytes.
const (
	maxExcerpt = 200 // bytes
	maxFields  = 6
	maxName    = 40 // bytes
)

// MalformedError says that a payload, or a part of it, is not what AWS documents. A retry brings the same bytes.
type MalformedError struct {
	Found    string // what was there
	Expected string // what should have been there
	Excerpt  string // the start of what was read, at most 200 bytes and an ellipsis
	Err      error  // the decoder's error; may be nil
}

func (e *MalformedError) Error() string {
	why := ""
	if e.Err != nil {
		why = " (" + cut(e.Err.Error(), maxExcerpt) + ")"
	}
	return fmt.Sprintf("malformed event: found %s%s, expected %s, in %q", e.Found, why, e.Expected, e.Excerpt)
}

// Unwrap returns the decoder's error.
func (e *MalformedError) Unwrap() error { return e.Err }

func malformed(raw []byte, found, expected string, err error) *MalformedError {
	return &MalformedError{Found: found, Expected: expected, Excerpt: cut(string(raw), maxExcerpt), Err: err}
}

// cut makes valid text of at most limit bytes of s, and an ellipsis for the rest.
func cut(s string, limit int) string {
	start := s[:min(len(s), limit+utf8.UTFMax)] // sanitizing all of a large payload would be in vain
	text := strings.ToValidUTF8(start, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

// names lists the members of a JSON object for an error.
func names(fields map[string]json.RawMessage) string {
	if len(fields) == 0 {
		return "an empty object"
	}
	sorted := slices.Sorted(maps.Keys(fields))
	rest := ""
	if len(sorted) > maxFields {
		rest = fmt.Sprintf(" and %d more", len(sorted)-maxFields)
		sorted = sorted[:maxFields]
	}
	for i, name := range sorted {
		sorted[i] = fmt.Sprintf("%q", cut(name, maxName))
	}
	return "an object with " + strings.Join(sorted, ", ") + rest
}
