package preset

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// MaxKeyBytes is the length of the longest key S3 takes, in bytes of UTF-8.
const MaxKeyBytes = 1024

// ErrKeyTooLong says that a variant's key would be longer than MaxKeyBytes. A shorter name of the original, of the preset
// or of the resized prefix is the way out; a retry is not.
var ErrKeyTooLong = errors.New("the variant's key is longer than S3 takes")

// ErrNotOriginal says that a key is not an original's; the text around it says why.
var ErrNotOriginal = errors.New("not an original")

// Reason is a short word for why a key is not an original's.
type Reason string

// The reasons. A folder is a key that ends in "/", as consoles make them, the originals prefix itself included.
const (
	OutsideOriginals Reason = "outside-originals"
	InsideResized    Reason = "inside-resized"
	Folder           Reason = "folder"
)

// Classify is the guard against loops: it gives an original's key relative to the originals prefix, and no reason, or
// the reason why the key is not an original's.
func (c *Config) Classify(key string) (relative string, reason Reason) {
	relative, inside := strings.CutPrefix(key, c.Originals)
	switch {
	case strings.HasPrefix(key, c.Resized):
		return "", InsideResized
	case !inside:
		return "", OutsideOriginals
	case strings.HasSuffix(key, "/") || relative == "":
		return "", Folder
	}
	return relative, ""
}

// Applies says whether an original gets a preset: it is an original, and the preset's match, if any, matches it.
func (c *Config) Applies(p Preset, originalKey string) bool {
	relative, reason := c.Classify(originalKey)
	return reason == "" && (p.Match == "" || doublestar.MatchUnvalidated(p.Match, relative))
}

// PresetsFor are the presets that an original gets, in the file's order; none when the key is not an original's.
func (c *Config) PresetsFor(originalKey string) []Preset {
	var out []Preset
	for _, p := range c.Presets {
		if c.Applies(p, originalKey) {
			out = append(out, p)
		}
	}
	return out
}

// VariantKey is the key of an original's variant, rendered in the format out.
//
// The extension is out's own (jpg, png, webp, avif, gif), except that an original's extension which names out already is
// kept as it is spelt: cat.JPG stays cat.JPG. Only image extensions are extensions; IMG.2024 gives IMG.2024.jpg.
//
// The error is ErrNotOriginal or ErrKeyTooLong, or it says that out is not a format to render in.
func (c *Config) VariantKey(p Preset, originalKey string, out Format) (string, error) {
	if out.Extension() == "" {
		return "", fmt.Errorf("variant of %q: %q is not a format to render in; jpeg, png, webp, avif or gif is", originalKey, out)
	}
	relative, reason := c.Classify(originalKey)
	if reason != "" {
		return "", fmt.Errorf("variant of %q: %w: %s", originalKey, ErrNotOriginal, reason)
	}
	t, faults := parseTemplate(c.Key)
	if len(faults) > 0 {
		return "", fmt.Errorf("variant of %q: key template %q: %s", originalKey, c.Key, faults[0])
	}
	slash := strings.LastIndexByte(relative, '/') + 1
	dir, file := relative[:slash], relative[slash:]
	name, ext := splitExtension(file)
	if namedFormat(ext) != out {
		ext = out.Extension()
	}
	if t.usesFile() {
		name = file
	}
	key := c.Resized + t.render(p.Name, dir, name, ext)
	if len(key) > MaxKeyBytes {
		return "", fmt.Errorf("variant %s of %q: %w: %d bytes instead of %d at most", p.Name, originalKey, ErrKeyTooLong, len(key), MaxKeyBytes)
	}
	return key, nil
}

// PredictKeys are the keys that the variant of an original may have as far as its key alone can tell, the likeliest
// first. A preset with a format of its own has one. With the format original the bytes decide, whatever the extension
// says: the extension's own format comes first, or JPEG and WebP for one that browsers do not show, and the other
// formats follow. Keys that S3 does not take are left out.
func (c *Config) PredictKeys(p Preset, originalKey string) []string {
	formats := []Format{p.Format}
	if p.Format == Original {
		_, ext := splitExtension(originalKey[strings.LastIndexByte(originalKey, '/')+1:])
		formats = append([]Format{namedFormat(ext)}, concrete...)
	}
	var keys []string
	for i, f := range formats {
		if f == "" || i > 0 && f == formats[0] {
			continue
		}
		if key, err := c.VariantKey(p, originalKey, f); err == nil {
			keys = append(keys, key)
		}
	}
	return keys
}
