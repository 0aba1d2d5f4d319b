package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/local/page"
)

// maxPart is how many bytes a part of a key may have: it is a file's or folder's name here.
const maxPart = 255

// Place is the name that an upload of this name gets. It is that upload's from now on.
func (m *Machine) Place(name string) string { return m.places.choose(name) }

// Upload stores an original below the originals prefix and gives the name that it has there: the one it came with, or
// that in a folder of its own, see places. An empty content type follows from the name.
func (m *Machine) Upload(ctx context.Context, name, contentType string, body io.ReadSeeker) (string, error) {
	if why := unusable(name, m.Config.Originals); why != "" {
		return name, &page.NameError{Name: name, Why: why}
	}
	name = m.Place(name)
	if contentType == "" {
		contentType = mime.TypeByExtension(strings.ToLower(path.Ext(name)))
	}
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	_, err := m.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(Bucket), Key: aws.String(m.Config.Originals + name), Body: body, ContentType: &contentType,
	})
	if answered, ok := errors.AsType[smithy.APIError](err); ok {
		return name, fmt.Errorf("S3 refused %s: %s", name, answered.ErrorMessage())
	}
	return name, err
}

// unusable says why a name cannot be an original's; empty when it can.
func unusable(name, prefix string) string {
	switch {
	case name == "":
		return "it is empty"
	case !utf8.ValidString(name):
		return "it is not UTF-8"
	case len(prefix)+len(name) > preset.MaxKeyBytes:
		return fmt.Sprintf("with %s it is longer than the %d bytes of an S3 key", prefix, preset.MaxKeyBytes)
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "" || part == "." || part == "..":
			return "it has an empty, \".\" or \"..\" part between slashes"
		case len(part) > maxPart:
			return fmt.Sprintf("a part between slashes is longer than %d bytes", maxPart)
		case strings.ContainsRune(part, 0):
			return "it has a zero byte"
		}
	}
	return ""
}

// Remove deletes an original by its key, as any S3 client may. The event does the rest.
func (m *Machine) Remove(ctx context.Context, key string) error {
	if _, reason := m.Config.Classify(key); reason != "" {
		return &page.NameError{Name: key, Why: string(reason)}
	}
	_, err := m.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(Bucket), Key: &key})
	if answered, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("S3 refused to delete %s: %s", key, answered.ErrorMessage())
	}
	return err
}
