package report

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Rendering is what the documents about an original say besides its account.
type Rendering struct {
	Config      *preset.Config
	Links       Links
	Renderer    string       // imaging's version, part of every fingerprint
	At          time.Time    // when
	Placeholder *Placeholder // nil: none
}

// Manifest is what an account says of an original. The account has to be of one that is through: with Outcome Retry,
// Skipped or Gone there is no manifest to write. Presets that the account does not speak of have no variant in it.
func (r Rendering) Manifest(o Original) Manifest {
	m := Manifest{
		Version: Version,
		Original: ManifestOriginal{
			Key: o.Key, ETag: o.ETag, Type: mimeType(o.Type),
			Width: o.Width, Height: o.Height, Frames: o.Frames, Bytes: o.BytesIn,
		},
		Rendered: moment(r.At), Renderer: r.Renderer, Placeholder: r.Placeholder,
		Failures: failures(o),
	}
	made := map[string]Variant{}
	for _, v := range o.Variants {
		if v.Reason == "" && v.Key != "" {
			made[v.Preset] = v
		}
	}
	for _, p := range r.Config.PresetsFor(o.Key) {
		v, ok := made[p.Name]
		if !ok {
			continue
		}
		fingerprint := cmp.Or(v.Fingerprint, p.Fingerprint(r.Renderer))
		m.Variants = append(m.Variants, ManifestVariant{
			Preset: p.Name, Key: v.Key, URL: r.Links.URL(v.Key, o.ETag, fingerprint),
			Width: v.Width, Height: v.Height, Bytes: v.Bytes, Type: v.Type, Fingerprint: fingerprint,
		})
	}
	return r.conclude(m)
}

// conclude fills in what follows from the variants and failures.
func (r Rendering) conclude(m Manifest) Manifest {
	m.Srcset = r.srcset(m.Original, m.Variants)
	switch {
	case len(m.Variants) == 0:
		m.Status = StatusFailed
	case len(m.Variants) < len(r.Config.PresetsFor(m.Original.Key)) || len(m.Failures) > 0:
		m.Status = StatusPartial
	default:
		m.Status = StatusReady
	}
	return m.complete()
}

// failures are those of the presets, or the original's own when no preset was come to.
func failures(o Original) []Failure {
	var out []Failure
	for _, v := range o.Variants {
		if v.Reason != "" {
			out = append(out, Failure{Preset: v.Preset, Reason: v.Reason, Message: bounded(message(v.Err))})
		}
	}
	if len(out) == 0 && o.Outcome == Failed {
		out = append(out, Failure{Reason: cmp.Or(o.Reason, "unknown"), Message: bounded(message(o.Err))})
	}
	return out
}

// mimeType is the MIME type of what imaging calls a type.
func mimeType(name string) string {
	switch name {
	case "":
		return ""
	case "svg":
		return "image/svg+xml"
	default:
		return "image/" + name
	}
}

// moment is a time as the documents write it: in UTC, to the millisecond.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// maxMessage is the length of a failure's message, in bytes.
const maxMessage = 1000

// bounded cuts a message that is too long, between two characters.
func bounded(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxMessage {
		return text
	}
	end := maxMessage - len("…")
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
