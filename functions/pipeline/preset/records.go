package preset

import (
	"fmt"
	"strings"
)

// Record is the kind of JSON document that Presize keeps about an original below the resized prefix. It is also the name
// of the folder that these documents have to themselves.
type Record string

// The records: what stands ready of an original, and why something of it does not.
const (
	ManifestRecord Record = "manifest"
	FailedRecord   Record = "failed"
)

// recordExtension follows the original's whole file name, so that cat.jpg and cat.png have a record each.
const recordExtension = ".json"

// ManifestKey is the key of an original's manifest: "resized/manifest/users/42/cat.jpg.json" for
// "originals/users/42/cat.jpg". The error is ErrNotOriginal or ErrKeyTooLong.
func (c *Config) ManifestKey(originalKey string) (string, error) {
	return c.recordKey(ManifestRecord, originalKey)
}

// FailureKey is the key of an original's failure record: "resized/failed/users/42/cat.jpg.json" for
// "originals/users/42/cat.jpg". The error is ErrNotOriginal or ErrKeyTooLong.
func (c *Config) FailureKey(originalKey string) (string, error) {
	return c.recordKey(FailedRecord, originalKey)
}

func (c *Config) recordKey(record Record, originalKey string) (string, error) {
	relative, reason := c.Classify(originalKey)
	if reason != "" {
		return "", fmt.Errorf("%s record of %q: %w: %s", record, originalKey, ErrNotOriginal, reason)
	}
	key := c.recordPrefix(record) + relative + recordExtension
	if len(key) > MaxKeyBytes {
		return "", &recordTooLong{record: record, original: originalKey, length: len(key)}
	}
	return key, nil
}

// OriginalOfRecord is the inverse of ManifestKey and FailureKey. ok is false for every key that neither of them gives.
func (c *Config) OriginalOfRecord(key string) (originalKey string, record Record, ok bool) {
	if len(key) > MaxKeyBytes {
		return "", "", false
	}
	for _, record := range []Record{ManifestRecord, FailedRecord} {
		rest, inside := strings.CutPrefix(key, c.recordPrefix(record))
		relative, named := strings.CutSuffix(rest, recordExtension)
		original := c.Originals + relative
		if _, reason := c.Classify(original); inside && named && reason == "" && len(original) <= MaxKeyBytes {
			return original, record, true
		}
	}
	return "", "", false
}

func (c *Config) recordPrefix(record Record) string { return c.Resized + string(record) + "/" }

// recordTooLong is ErrKeyTooLong for a record.
type recordTooLong struct {
	record   Record
	original string
	length   int // bytes
}

func (e *recordTooLong) Error() string {
	return fmt.Sprintf("%s record of %q: its key would have %d bytes, and S3 takes %d: a shorter name of the original, or shorter prefixes, are the way out",
		e.record, e.original, e.length, MaxKeyBytes)
}

// Is makes it ErrKeyTooLong.
func (e *recordTooLong) Is(target error) bool { return target == ErrKeyTooLong }
