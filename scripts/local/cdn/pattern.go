package cdn

import (
	"fmt"
	"net/url"
	"strings"
)

// maxPath is how long CloudFront's paths may be, in characters.
const maxPath = 4000

// pattern is a path of an invalidation, decoded.
type pattern struct {
	path     string
	version  string // when the path has a query
	query    bool
	wildcard bool // whatever begins so
}

// parsePattern reads a path as CloudFront takes them: encoded as viewers encode it, a slash at its start or not, and a "*" as
// the last character for whatever begins so.
func parsePattern(text string) (pattern, error) {
	if text == "" || len(text) > maxPath {
		return pattern{}, fmt.Errorf("a path of %d characters; it must be 1 to %d", len(text), maxPath)
	}
	rest, wildcard := strings.CutSuffix(text, "*")
	encoded, query, queried := strings.Cut(rest, "?")
	path, err := url.PathUnescape(encoded)
	if err != nil {
		return pattern{}, err
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	p := pattern{path: path, query: queried, wildcard: wildcard}
	if queried {
		p.version = version(query)
	}
	return p, nil
}

// reaches says whether the copy is to be forgotten. A path without a query means the object without one: where copies go by
// a part of their query, CloudFront forgets the others by their own paths, or by a wildcard.
func (p pattern) reaches(at address) bool {
	switch {
	case p.query && p.wildcard:
		return at.path == p.path && strings.HasPrefix(at.version, p.version)
	case p.wildcard:
		return strings.HasPrefix(at.path, p.path)
	default:
		return at == address{p.path, p.version}
	}
}

// version is the v of a query.
func version(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get("v")
}
