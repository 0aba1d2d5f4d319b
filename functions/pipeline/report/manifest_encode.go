package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Version is the version of the documents: manifests, failure records and completion events. A reader of version 1 has
// to expect fields that it does not know.
const Version = 1

// ErrVersion says that a document is of a version that this Presize does not read, or none of its documents at all.
var ErrVersion = errors.New("not a document of version 1")

// Encode is the manifest as JSON, the same bytes for the same manifest. HTML's own characters are escaped, so that it can
// stand in a <script> too.
func (m Manifest) Encode() ([]byte, error) {
	data, err := json.Marshal(m.complete())
	if err != nil {
		return nil, fmt.Errorf("manifest of %q: %w", m.Original.Key, err)
	}
	return data, nil
}

// complete has lists where the manifest has none.
func (m Manifest) complete() Manifest {
	m.Variants = append([]ManifestVariant{}, m.Variants...)
	m.Srcset = append([]Srcset{}, m.Srcset...)
	m.Failures = append([]Failure{}, m.Failures...)
	return m
}

// Same says whether two manifests say the same but for when they were rendered: the one that stands there need not be
// written again then.
func (m Manifest) Same(other Manifest) bool {
	m.Rendered, other.Rendered = time.Time{}, time.Time{}
	mine, err := m.Encode()
	theirs, theirErr := other.Encode()
	return err == nil && theirErr == nil && bytes.Equal(mine, theirs)
}

// DecodeManifest reads a manifest. Fields that it does not know are ignored; another version is ErrVersion.
func DecodeManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := decode(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("manifest: %w", err)
	}
	return m.complete(), nil
}

// decode reads a document of this version.
func decode(data []byte, into any) error {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	if head.Version != Version {
		return fmt.Errorf("%w: its version is %d", ErrVersion, head.Version)
	}
	return json.Unmarshal(data, into)
}
