package invalidate

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	smithy "github.com/aws/smithy-go"
)

// The errors that a caller can tell apart. The text around them says which distribution, and what to do.
var (
	ErrBusy     = errors.New("CloudFront has too many invalidations in progress, or too many requests")
	ErrDenied   = errors.New("access denied")
	ErrNotFound = errors.New("not found")
)

// code is the service's own word for an error; empty for errors that are not the service's.
func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// busy says whether waiting mends an error. The SDK waits for throttling too, but briefly, and takes the other for a
// mistake.
func busy(err error) bool {
	_, throttled := retry.DefaultThrottleErrorCodes[code(err)]
	return throttled || code(err) == "TooManyInvalidationsInProgress"
}

// refused says whether CloudFront finds fault with the paths.
func refused(err error) bool { return code(err) == "InvalidArgument" }

func (i *Invalidator) describe(paths int, err error) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf("invalidating %d paths in the CloudFront distribution %s", paths, i.distribution)
	switch {
	case busy(err):
		return fmt.Errorf("%s: %w: %w", what, ErrBusy, err)
	case code(err) == "AccessDenied" || code(err) == "AccessDeniedException":
		return fmt.Errorf("%s: %w: the function's role needs cloudfront:CreateInvalidation on it: %w", what, ErrDenied, err)
	case code(err) == "NoSuchDistribution":
		return fmt.Errorf("%s: %w: correct its ID: %w", what, ErrNotFound, err)
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}
