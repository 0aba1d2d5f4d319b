package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// failed says what a call's error means to a caller; action is the permission that the call needs.
func (s *S3) failed(ctx context.Context, action, key string, err error) error {
	what := fmt.Sprintf("%s of %q in bucket %q", action, key, s.bucket)
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	code, status := codeOf(err), statusOf(err)
	switch code {
	case "NoSuchKey", "NotFound":
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	case "PreconditionFailed":
		return fmt.Errorf("%s: %w", what, ErrExists)
	case "InvalidObjectState":
		return fmt.Errorf("%s: %w: restore it before it can be read", what, ErrArchived)
	case "KeyTooLongError", "MetadataTooLarge", "EntityTooLarge":
		return fmt.Errorf("%s: %w: %w", what, ErrInvalid, err)
	case "RequestTimeTooSkewed": // a 403 that a retry may mend
		return fmt.Errorf("%s: %w", what, err)
	case "NoSuchBucket":
		return fmt.Errorf("%s: %w: check the bucket's name", what, ErrNoBucket)
	case "AccessDenied": // of one key of a batch, which has no status of its own
		status = http.StatusForbidden
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
		status = http.StatusMovedPermanently
	}
	switch status {
	case http.StatusForbidden, http.StatusUnauthorized:
		return fmt.Errorf("%s: %w (%s): allow %s%s", what, ErrDenied, code, action, s.hint(action))
	case http.StatusMovedPermanently:
		return fmt.Errorf("%s: %w in this region (%s): use the bucket's own region", what, ErrNoBucket, code)
	case http.StatusPreconditionFailed:
		return fmt.Errorf("%s: %w", what, ErrExists)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// hint names the one denial that is often none.
func (s *S3) hint(action string) string {
	if action != "s3:GetObject" {
		return ""
	}
	return fmt.Sprintf("; or the key does not exist: without s3:ListBucket on bucket %q S3 answers 403 for a missing key", s.bucket)
}

func isConflict(err error) bool { return codeOf(err) == "ConditionalRequestConflict" }

func codeOf(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func statusOf(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}
