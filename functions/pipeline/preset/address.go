package preset

import "strings"

// URLPath is a key as it stands in a URL: every byte percent-encoded but ASCII letters, digits, "-", ".", "_" and the
// slashes. That is more than RFC 3986 asks for. So "+" is not read as a space by S3, quotes, commas and parentheses do no
// harm in HTML attributes, srcset and CSS, and "~" is spelt the one way that CloudFront takes in an invalidation.
//
// A key with a segment "." or ".." has no URL that browsers leave alone.
func URLPath(key string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(key))
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// OriginalPrefix is what the keys of all variants of one original begin with, whatever their preset and format:
// "resized/users/42/cat.jpg/" by the template "{dir}{file}/{preset}.{ext}". ok is false unless {dir} and {name} or {file}
// both stand before {preset}; in the default template {preset} comes first, and its variants have nothing in common that
// other originals' do not have.
//
// Other originals' variants may begin so too where no slash parts the name from {preset}: by "{dir}{name}-{preset}.{ext}"
// the prefix of cat.jpg is "resized/cat-", and cat-2.jpg's variants have it as well.
func (c *Config) OriginalPrefix(originalKey string) (prefix string, ok bool) {
	dir, name, ok := c.Stem(originalKey)
	t, faults := parseTemplate(c.Key)
	if !ok || len(faults) > 0 {
		return "", false
	}
	var b strings.Builder
	b.WriteString(c.Resized)
	named := false
	write := func(s segment) (complete bool) {
		for _, p := range s {
			switch p.slot {
			case slotPreset:
				return true
			case slotName, slotFile:
				named = true
			}
			segment{p}.render(&b, "", name, "")
		}
		return false
	}
	for _, s := range t.before {
		if write(s) {
			return "", false
		}
		b.WriteByte('/')
	}
	b.WriteString(dir)
	for i, s := range t.after {
		if i > 0 {
			b.WriteByte('/')
		}
		if !write(s) {
			continue
		}
		if !named {
			return "", false
		}
		return b.String(), true
	}
	return "", false
}
