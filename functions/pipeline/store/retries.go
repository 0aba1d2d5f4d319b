package store

import (
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	smithy "github.com/aws/smithy-go"
)

// retryer is the SDK's standard one. Its adaptive mode is none for a backfill: it holds back single requests, so that
// originals would wait half-way with all their pixels in memory, and the SDK calls it an experiment.
func (o Options) retryer() aws.Retryer {
	attempts := o.MaxAttempts
	if attempts == 0 {
		attempts = maxAttempts
	}
	wait := o.MaxBackoff
	if wait == 0 {
		wait = maxBackoff
	}
	standard := retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts = attempts
		s.MaxBackoff = wait
		// The SDK knows 429 by its error code only, and the answer to a HEAD has none.
		s.Retryables = append(s.Retryables, retry.RetryableHTTPStatusCode{
			Codes: map[int]struct{}{http.StatusTooManyRequests: {}},
		})
	})
	if o.OnRetry == nil {
		return standard
	}
	return &counted{Standard: standard, onRetry: o.OnRetry}
}

// counted tells of retries. It keeps the methods of aws.RetryerV2 that Standard has.
type counted struct {
	*retry.Standard

	onRetry func(throttled bool)
}

var _ aws.RetryerV2 = (*counted)(nil)

// RetryDelay is what the SDK asks for when everything else is decided: the call is retryable, has attempts left, and was
// granted one.
func (c *counted) RetryDelay(attempt int, err error) (time.Duration, error) {
	c.onRetry(Throttled(err))
	return c.Standard.RetryDelay(attempt, err)
}

// Throttled says whether an error means that fewer requests were right: S3's 503 SlowDown, the 429 of other services and
// servers, and a 503 of which nothing more is known, as the one to a HEAD is.
func Throttled(err error) bool {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		if _, known := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; known {
			return true
		}
	}
	status := statusOf(err)
	return status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
}
