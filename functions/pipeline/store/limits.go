package store

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// S3's own limits.
const (
	maxKey      = 1024 // bytes
	maxMetadata = 2048 // bytes of names and values, as they are stored
	maxBatch    = 1000 // keys per DeleteObjects
)

const (
	maxPercent = 1024 // characters, from which on a value is stored as base64url
	base64Mark = "%:"
)

// checkKey refuses what S3 cannot hold.
func checkKey(keys ...string) error {
	for _, key := range keys {
		switch {
		case key == "":
			return fmt.Errorf("%w: the key is empty", ErrInvalid)
		case len(key) > maxKey:
			return fmt.Errorf("%w: key %.40q... has %d bytes, S3 allows %d", ErrInvalid, key, len(key), maxKey)
		case !utf8.ValidString(key):
			return fmt.Errorf("%w: key %q is not UTF-8", ErrInvalid, key)
		}
	}
	return nil
}

// encodeMetadata makes the header values that doc.go describes.
func encodeMetadata(metadata map[string]string) (map[string]string, error) {
	encoded := make(map[string]string, len(metadata))
	size := 0
	for name, value := range metadata {
		if !isName(name) {
			return nil, fmt.Errorf("%w: metadata name %q must be lower-case letters, digits, - and _", ErrInvalid, name)
		}
		encoded[name] = encodeValue(value)
		size += len(name) + len(encoded[name])
	}
	if size > maxMetadata {
		return nil, fmt.Errorf("%w: metadata needs %d bytes as ASCII, S3 allows %d", ErrInvalid, size, maxMetadata)
	}
	return encoded, nil
}

func isName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func encodeValue(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c > ' ' && c < 0x7f && c != '%' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() == 0 || b.Len() > maxPercent {
		return base64Mark + base64.RawURLEncoding.EncodeToString([]byte(value))
	}
	return b.String()
}

func decodeMetadata(stored map[string]string) map[string]string {
	if len(stored) == 0 {
		return nil
	}
	decoded := make(map[string]string, len(stored))
	for name, value := range stored {
		decoded[strings.ToLower(name)] = decodeValue(value)
	}
	return decoded
}

func decodeValue(stored string) string {
	if rest, ok := strings.CutPrefix(stored, base64Mark); ok {
		if value, err := base64.RawURLEncoding.DecodeString(rest); err == nil {
			return string(value)
		}
		return stored
	}
	if value, err := url.PathUnescape(stored); err == nil {
		return value
	}
	return stored
}
