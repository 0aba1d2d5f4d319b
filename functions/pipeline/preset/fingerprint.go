package preset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fingerprint is 16 lower-case hexadecimal digits that change when the preset's variants would: the start of the
// SHA-256 of the renderer's version and of every field that tells in a variant's bytes. Name, match and cache control do
// not; nor does a field that cannot matter to this preset, such as the gravity of fit inside or the quality of PNG.
//
// What is hashed is a line for the renderer and then, sorted, one "field=value" line for each field that is not at its
// neutral value. Leaving those out lets a field be added later without a fingerprint of today changing.
func (p Preset) Fingerprint(renderer string) string {
	sum := sha256.Sum256([]byte("presize variant 1\nrenderer=" + strconv.Quote(renderer) + "\n" + p.essence().encode()))
	return hex.EncodeToString(sum[:8])
}

// essence is the preset with every field that cannot matter to it at its neutral value.
func (p Preset) essence() Preset {
	if p.Width == 0 || p.Height == 0 {
		p.Fit = Inside
	}
	if !p.HasBackground {
		p.Background = Color{}
	}
	switch {
	case p.Fit != Cover && p.Fit != Contain:
		p.Gravity = Centre
	case p.Fit == Contain && p.Gravity == Smart:
		p.Gravity = Centre // contain crops nothing that could stand out
	}
	if p.Format == Original || p.Format == "" {
		return p
	}
	p.Effort = p.EffortFor(p.Format)
	has := func(formats ...Format) bool { return slices.Contains(formats, p.Format) }
	if !has(JPEG, WebP, AVIF) {
		p.Quality, p.Chroma = 0, ChromaAuto
	}
	if !has(WebP, AVIF) {
		p.Lossless = false
	}
	if !has(JPEG, PNG) {
		p.Progressive = false
	}
	if !has(WebP, GIF) {
		p.Animated = First
	}
	if has(JPEG) {
		p.Background = p.Background.OnWhite()
	}
	return p
}

// encode is the canonical text of an essence.
func (p Preset) encode() string {
	var lines []string
	line := func(field, value, neutral string) {
		if value != neutral && value != "" {
			lines = append(lines, field+"="+value+"\n")
		}
	}
	decimal := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	line("width", strconv.Itoa(p.Width), "0")
	line("height", strconv.Itoa(p.Height), "0")
	line("fit", string(p.Fit), string(Inside))
	line("gravity", string(p.Gravity), string(Centre))
	line("format", string(p.Format), string(Original))
	line("quality", strconv.Itoa(p.Quality), "0")
	line("effort", strconv.Itoa(p.Effort), strconv.Itoa(NoEffort))
	line("lossless", strconv.FormatBool(p.Lossless), "false")
	line("progressive", strconv.FormatBool(p.Progressive), "false")
	line("chroma", string(p.Chroma), string(ChromaAuto))
	line("enlarge", strconv.FormatBool(p.Enlarge), "false")
	line("background", fmt.Sprintf("%02x%02x%02x%02x", p.Background.R, p.Background.G, p.Background.B, p.Background.A), "00000000")
	line("sharpen", decimal(p.Sharpen), "0")
	line("blur", decimal(p.Blur), "0")
	line("animated", string(p.Animated), string(Keep))
	line("metadata", string(p.Metadata), string(MetadataNone))
	slices.Sort(lines)
	return strings.Join(lines, "")
}
