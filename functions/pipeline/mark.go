package pipeline

import (
	"strconv"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
)

// Mark is what a variant's metadata says of it. Whoever reads it knows which original, and which state of it, a variant
// shows, and how it was rendered.
type Mark struct {
	Original    string // key
	ETag        string // of the original, without quotes
	Preset      string // name
	Fingerprint string // of the preset
	Width       int    // pixels
	Height      int    // pixels
}

// ReadMark reads a variant's mark. Of what Presize did not write it is the zero Mark.
func ReadMark(metadata map[string]string) Mark {
	if metadata[report.MetaFingerprint] == "" {
		return Mark{}
	}
	width, _ := strconv.Atoi(metadata[report.MetaWidth])
	height, _ := strconv.Atoi(metadata[report.MetaHeight])
	return Mark{
		Original: metadata[report.MetaOriginal], ETag: metadata[report.MetaETag],
		Preset: metadata[report.MetaPreset], Fingerprint: metadata[report.MetaFingerprint],
		Width: width, Height: height,
	}
}

func (m Mark) metadata() map[string]string {
	return map[string]string{
		report.MetaOriginal: m.Original, report.MetaETag: m.ETag,
		report.MetaPreset: m.Preset, report.MetaFingerprint: m.Fingerprint,
		report.MetaWidth: strconv.Itoa(m.Width), report.MetaHeight: strconv.Itoa(m.Height),
	}
}

// Shows says whether the variant is what p makes today of the original at key whose ETag is etag: a variant that is not
// is stale, or another original's.
func (m Mark) Shows(key, etag string, p preset.Preset) bool {
	return m.sameAs(Mark{Original: key, ETag: etag, Fingerprint: p.Fingerprint(imaging.Renderer)})
}

func (m Mark) sameAs(other Mark) bool {
	return m.Original == other.Original && m.ETag == other.ETag && m.Fingerprint == other.Fingerprint
}
