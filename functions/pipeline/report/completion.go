package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Completion is the event that says of one change that every preset has its verdict, or that the original and its
// variants are gone. It is sent at least once: ID tells repetitions.
type Completion struct {
	// The version of this document's format.
	Version int `json:"version" jsonschema:"required,enum=1"`

	// The same for every repetition of one event: made of the kind, status, bucket, key and ETag of the original, and the
	// fingerprints of its variants; of a removal also of the order that S3 gives to the events of one key. An upload of what
	// was there before has the ID that it had then: remember IDs for as long as events are repeated (14 days at most), and
	// not for ever.
	ID string `json:"id" jsonschema:"required,pattern=^[0-9a-f]{32}$"`

	// What happened to the original.
	Kind CompletionKind `json:"kind" jsonschema:"required,enum=created,enum=removed"`

	// What became of it. "ready": every preset has its variant. "partial": some have. "failed": none has. "removed": none is
	// left.
	Status Status `json:"status" jsonschema:"required,enum=ready,enum=partial,enum=failed,enum=removed"`

	// When, in UTC.
	Time time.Time `json:"time" jsonschema:"required"`

	// The original's bucket.
	Bucket string `json:"bucket" jsonschema:"required,minLength=1"`

	// The bucket of the variants and the manifest, when it is another.
	Target string `json:"target,omitempty"`

	// The original. Of a removed one there may be no ETag.
	Original OriginalState `json:"original" jsonschema:"required"`

	// The original's folder below the originals prefix, without the slash at its end; empty at the top.
	Prefix string `json:"prefix" jsonschema:"required"`

	// Names of the presets that the original gets; of a removed one, those whose variants are gone. They are left out when
	// the event would be too large.
	Presets []string `json:"presets,omitzero"`

	// Key of the manifest, or of the one that went; left out when no manifests are written.
	ManifestKey string `json:"manifest_key,omitempty"`

	// The manifest; not of a removed original.
	Manifest *Manifest `json:"manifest,omitempty"`

	// Whether lists were left out because the event would be too large: the manifest in the bucket has them.
	Truncated bool `json:"truncated,omitempty"`
}

// CompletionKind is what happened to an original.
type CompletionKind string

// The kinds.
const (
	KindCreated CompletionKind = "created"
	KindRemoved CompletionKind = "removed"
)

// Completion is the event of an original that was created or overwritten. manifestKey is empty when no manifest was
// written; target, the variants' bucket, when it is the original's own.
func (r Rendering) Completion(bucket, target, manifestKey string, m Manifest) Completion {
	m = m.complete()
	c := Completion{
		Version: Version, Kind: KindCreated, Status: m.Status, Time: moment(r.At), Bucket: bucket, Target: target,
		Original: OriginalState{Key: m.Original.Key, ETag: m.Original.ETag},
		Prefix:   r.folder(m.Original.Key), Presets: r.presets(m.Original.Key), ManifestKey: manifestKey, Manifest: &m,
	}
	fingerprints := make([]string, len(m.Variants))
	for i, v := range m.Variants {
		fingerprints[i] = v.Fingerprint
	}
	c.ID = c.identify(fingerprints...)
	return c
}

// Removal is what the event of a removed original says.
type Removal struct {
	Bucket      string
	Target      string // the variants' bucket; empty: the original's own
	Key         string // of the original
	ETag        string // of the state that was rendered; empty when it is not known
	Sequencer   string // of S3's event, so that two removals of one key are two events; empty when it is not known
	ManifestKey string // empty: no manifests are written
	Presets     []string
}

// Removed is the event of an original that is gone.
func (r Rendering) Removed(x Removal) Completion {
	c := Completion{
		Version: Version, Kind: KindRemoved, Status: StatusRemoved, Time: moment(r.At), Bucket: x.Bucket, Target: x.Target,
		Original: OriginalState{Key: x.Key, ETag: x.ETag},
		Prefix:   r.folder(x.Key), Presets: append([]string{}, x.Presets...), ManifestKey: x.ManifestKey,
	}
	state := c
	state.Original.ETag = "" // which a repetition may not know any more
	c.ID = state.identify(x.Sequencer)
	return c
}

// identify hashes what makes the event the one that it is, each part quoted, so that no two lists of parts look alike.
func (c Completion) identify(rest ...string) string {
	slices.Sort(rest)
	var b strings.Builder
	for _, part := range append([]string{"presize event 1", string(c.Kind), string(c.Status), c.Bucket, c.Original.Key, c.Original.ETag}, rest...) {
		b.WriteString(strconv.Quote(part))
		b.WriteByte('\n')
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// folder is an original's folder below the originals prefix, without the slash at its end.
func (r Rendering) folder(key string) string {
	relative, _ := r.Config.Classify(key)
	slash := strings.LastIndexByte(relative, '/')
	return relative[:max(slash, 0)]
}

// presets are the names of those that an original gets.
func (r Rendering) presets(key string) []string {
	names := []string{}
	for _, p := range r.Config.PresetsFor(key) {
		names = append(names, p.Name)
	}
	return names
}

// String names the event in logs and errors.
func (c Completion) String() string {
	return fmt.Sprintf("event %q of %q in %s", c.Status, c.Original.Key, c.Bucket)
}
