package report

import "time"

//go:generate go run ./schemagen

// Manifest says what stands ready of one original, where, and what does not.
type Manifest struct {
	// The version of this document's format.
	Version int `json:"version" jsonschema:"required,enum=1"`

	// What was uploaded.
	Original ManifestOriginal `json:"original" jsonschema:"required"`

	// "ready": every preset has its variant. "partial": some have. "failed": none has.
	Status Status `json:"status" jsonschema:"required,enum=ready,enum=partial,enum=failed"`

	// When this was rendered, in UTC.
	Rendered time.Time `json:"rendered" jsonschema:"required"`

	// The renderer's version, which is part of every fingerprint.
	Renderer string `json:"renderer" jsonschema:"required"`

	// The variants, in the order of presets.yaml.
	Variants []ManifestVariant `json:"variants,omitzero" jsonschema:"required"`

	// For each MIME type, the variants in the original's shape, as the attribute srcset of <img> or <source> takes them. What
	// compresses best comes first: a browser takes the first <source> that it knows.
	Srcset []Srcset `json:"srcset,omitzero" jsonschema:"required"`

	// What a page shows while the image loads.
	Placeholder *Placeholder `json:"placeholder,omitempty"`

	// What could not be rendered, and why.
	Failures []Failure `json:"failures,omitzero" jsonschema:"required"`
}

// Status is what became of an original.
type Status string

// The statuses. StatusRemoved is a completion event's alone: a removed original has no manifest.
const (
	StatusReady   Status = "ready"
	StatusPartial Status = "partial"
	StatusFailed  Status = "failed"
	StatusRemoved Status = "removed"
)

// ManifestOriginal is the original as it was rendered. What could not be read of it is left out.
type ManifestOriginal struct {
	// Its key in the bucket.
	Key string `json:"key" jsonschema:"required,minLength=1"`

	// Its ETag, without quotes.
	ETag string `json:"etag" jsonschema:"required"`

	// Its MIME type, as its bytes say.
	Type string `json:"type,omitempty"`

	// Pixels, upright.
	Width int `json:"width,omitempty" jsonschema:"minimum=1"`

	// Pixels, upright.
	Height int `json:"height,omitempty" jsonschema:"minimum=1"`

	// Frames of an animation; 1 of a still image.
	Frames int `json:"frames,omitempty" jsonschema:"minimum=1"`

	// The object's size.
	Bytes int64 `json:"bytes,omitempty" jsonschema:"minimum=1"`
}

// ManifestVariant is the original rendered by one preset.
type ManifestVariant struct {
	// Name of the preset.
	Preset string `json:"preset" jsonschema:"required,minLength=1"`

	// Key of the variant in its bucket.
	Key string `json:"key" jsonschema:"required,minLength=1"`

	// Where browsers find it; another one whenever the original or the preset changes.
	URL string `json:"url" jsonschema:"required,format=uri-reference"`

	// Pixels.
	Width int `json:"width" jsonschema:"required,minimum=1"`

	// Pixels.
	Height int `json:"height" jsonschema:"required,minimum=1"`

	// The object's size.
	Bytes int64 `json:"bytes" jsonschema:"required,minimum=1"`

	// Its MIME type.
	Type string `json:"type" jsonschema:"required"`

	// What of the preset and the renderer tells in its bytes.
	Fingerprint string `json:"fingerprint" jsonschema:"required"`
}

// Srcset is the candidates of one MIME type.
type Srcset struct {
	// MIME type, for the attribute type of <source>.
	Type string `json:"type" jsonschema:"required"`

	// The attribute's value: "URL 368w, URL 720w", in ascending order of width.
	Value string `json:"value" jsonschema:"required"`
}

// Placeholder is what a page shows while the image loads.
type Placeholder struct {
	// A ThumbHash of the image, in base64.
	ThumbHash []byte `json:"thumbhash,omitempty"`

	// The image's dominant colour, as CSS writes it: #rrggbb.
	Color string `json:"color,omitempty" jsonschema:"pattern=^#[0-9a-f]{6}$"`
}

// Failure is why something could not be rendered.
type Failure struct {
	// Name of the preset; empty: the original itself could not be read, and no preset was rendered.
	Preset string `json:"preset" jsonschema:"required"`

	// A short word: "not-an-image", "too-many-pixels", "key-taken".
	Reason string `json:"reason" jsonschema:"required,minLength=1"`

	// What the reason's word leaves out.
	Message string `json:"message" jsonschema:"required"`
}
