package report

// The names of what a variant's metadata says of it, which pipeline.Mark explains.
const (
	MetaOriginal    = "presize-original"
	MetaETag        = "presize-original-etag"
	MetaPreset      = "presize-preset"
	MetaFingerprint = "presize-fingerprint"
	MetaWidth       = "presize-width"
	MetaHeight      = "presize-height"
)
