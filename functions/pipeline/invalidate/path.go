package invalidate

import (
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Path is one object, or with Wildcard all whose keys begin with Key.
type Path struct {
	Key      string // as S3 has it, not encoded
	Wildcard bool
}

// Paths are the paths of one original's variants: a single wildcard where the key template has {dir} and {name} or {file}
// before {preset}, as in "{dir}{file}/{preset}.{ext}", so that all of them begin with something of their own; it reaches
// variants of presets that are no longer in the file, too. Elsewhere, as in the default template, where {preset} comes
// first, they are the keys in variants, one by one, or when that is empty all that the original's variants may have.
//
// A template that parts the name from {preset} by less than a slash, such as "{dir}{name}-{preset}.{ext}", gives a wildcard
// that reaches other originals, too: that of cat.jpg reaches cat-2.jpg's variants, which are then fetched once more.
//
// A wildcard costs one path, however much it reaches. But of wildcards CloudFront has no more than 15 in progress at a
// time, and of single paths 3,000: with many overwrites a second single paths are the ones that get through.
func Paths(config *preset.Config, original string, variants ...string) []Path {
	if prefix, ok := config.OriginalPrefix(original); ok {
		return []Path{{Key: prefix, Wildcard: true}}
	}
	if len(variants) == 0 {
		for _, p := range config.PresetsFor(original) {
			variants = append(variants, config.PredictKeys(p, original)...)
		}
	}
	return Exact(variants...)
}

// Exact are the paths of single objects.
func Exact(keys ...string) []Path {
	paths := make([]Path, len(keys))
	for i, key := range keys {
		paths[i] = Path{Key: key}
	}
	return paths
}

// forms are the ways to write a path to CloudFront. Its guide asks for non-ASCII characters and those that RFC 1738 calls
// unsafe to be encoded, and for no others, or the path would not be found. The URLs of manifests, and those of many
// viewers, encode more of them: "+", above all. Whether CloudFront takes the two for one it does not say, so such a key is
// written both ways.
//
// A "*" at the end is always a wildcard to CloudFront. A key that ends in one is reached by it as well, whichever way it
// was asked for, together with whatever begins like it.
func (p Path) forms() []string {
	key, star := p.Key, ""
	if literal, ends := strings.CutSuffix(key, "*"); ends && !p.Wildcard {
		key, star = literal, "*"
	}
	if p.Wildcard {
		star = "*"
	}
	forms := []string{"/" + preset.URLPath(key) + star, "/" + encodeUnsafe(key) + star}
	return slices.Compact(forms)
}

// encodeUnsafe encodes what CloudFront asks for: control and non-ASCII characters, and RFC 1738's unsafe ones (section
// 2.2). "?" begins a query and is encoded, too.
func encodeUnsafe(key string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("<>\"#%{}|\\^~[]`?", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// wild says whether CloudFront takes the path for a wildcard.
func (p Path) wild() bool { return p.Wildcard || strings.HasSuffix(p.Key, "*") }

// covers says whether whatever other reaches is reached by p.
func (p Path) covers(other Path) bool {
	return p == other || p.Wildcard && strings.HasPrefix(other.Key, p.Key)
}
