package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Links makes the URLs of variants. The zero Links makes relative ones, "/resized/small/cat.jpg?v=...".
type Links struct {
	base string // without a slash at its end
}

// NewLinks takes the URL that the variants' keys stand below, such as https://d111111abcdef8.cloudfront.net; it may have
// a path, and a slash at its end. Empty: URLs are relative to the page's host.
func NewLinks(base string) (Links, error) {
	if base == "" {
		return Links{}, nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(base, "#") {
		return Links{}, fmt.Errorf("base URL is %q; it must be like https://images.example.com or https://example.com/images, without a query", base)
	}
	return Links{base: strings.TrimRight(u.String(), "/")}, nil
}

// versionDigits is the length of v, in hexadecimal digits. v has to differ between the states that one URL goes through,
// not between all objects there are: of 10,000 states of one variant, 48 bits give two the same v once in 5 million such
// variants, and cost 12 bytes in every candidate of a srcset.
const versionDigits = 12

// URL is where browsers find a variant. Its v is made of the original's ETag and the preset's fingerprint, so that
// browsers fetch anew when the original is overwritten and when the preset is edited, and at no other time; the ETag's own
// start would miss the second.
func (l Links) URL(key, etag, fingerprint string) string {
	sum := sha256.Sum256([]byte(etag + "\n" + fingerprint))
	return l.base + "/" + preset.URLPath(key) + "?v=" + hex.EncodeToString(sum[:])[:versionDigits]
}
