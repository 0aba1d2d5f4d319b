package invalidate

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/cenkalti/backoff/v5"
)

// DefaultMaxPaths is the MaxPaths of New. The first 1,000 paths of an account in a month are free, and each that follows
// costs $0.005 (CloudFront's price list): 30 are $0.15.
const DefaultMaxPaths = 30

// Invalidator takes objects out of a distribution's caches. Set its fields before the first use; it is then safe for use
// by several goroutines.
type Invalidator struct {
	// MaxPaths is how many paths one request has at most; more are joined to wildcards. 1 to 3,000.
	MaxPaths int

	client       *cloudfront.Client
	distribution string
	resized      string
	wait         time.Duration // before the first retry
}

// New invalidates in the distribution of this ID, below the resized prefix of presets.yaml and nowhere else. Keys are
// paths of the distribution: it must have no origin path. With an empty ID nothing is ever invalidated.
func New(client *cloudfront.Client, distributionID, resized string) (*Invalidator, error) {
	if resized == "" || !strings.HasSuffix(resized, "/") {
		return nil, fmt.Errorf("resized prefix is %q; it must end in a slash", resized)
	}
	return &Invalidator{
		MaxPaths: DefaultMaxPaths, client: client, distribution: distributionID, resized: resized, wait: time.Second,
	}, nil
}

// Invalidate takes these variants, and whatever else stands below the resized prefix, out of the caches. CloudFront does
// so within seconds to minutes after it has answered; Invalidate does not wait for that.
//
// Its error is worth a retry: ErrBusy when CloudFront had too much to do until the context's end, ErrDenied or
// ErrNotFound when somebody has to mend something first. Keys outside the resized prefix are a mistake, and are refused
// before anything is sent.
func (i *Invalidator) Invalidate(ctx context.Context, keys []string) error {
	return i.InvalidatePaths(ctx, Exact(keys...))
}

// InvalidatePaths is Invalidate for paths.
func (i *Invalidator) InvalidatePaths(ctx context.Context, paths []Path) error {
	if i.distribution == "" || len(paths) == 0 {
		return nil
	}
	for _, p := range paths {
		if !strings.HasPrefix(p.Key, i.resized) {
			return fmt.Errorf("invalidating %q: it does not stand below %q", p.Key, i.resized)
		}
	}
	joined := coalesce(paths, min(max(i.MaxPaths, 1), maxSingle))
	var every, encoded []string
	for _, p := range joined {
		forms := p.forms()
		every, encoded = append(every, forms...), append(encoded, forms[0])
	}
	err := i.send(ctx, every)
	if refused(err) && len(every) > len(encoded) {
		// One form of a key was not to CloudFront's liking. The other has nothing in it that could not be.
		err = i.send(ctx, encoded)
	}
	return i.describe(len(paths), err)
}

// send asks for one invalidation, again and again while CloudFront has too much to do.
//
// The caller reference is random, and the same in every try of one call: a try whose answer was lost is not paid for
// twice. In the next call it is another, whatever the paths: a reference made of them would get the earlier
// invalidation's answer and do nothing, though the objects have changed since.
func (i *Invalidator) send(ctx context.Context, items []string) error {
	input := &cloudfront.CreateInvalidationInput{
		DistributionId: &i.distribution,
		InvalidationBatch: &types.InvalidationBatch{
			CallerReference: aws.String("presize-" + rand.Text()),
			Paths:           &types.Paths{Quantity: aws.Int32(int32(len(items))), Items: items},
		},
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = i.wait, 20*i.wait
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		_, err := i.client.CreateInvalidation(ctx, input)
		if err != nil && !busy(err) {
			return struct{}{}, backoff.Permanent(err)
		}
		last = err
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(patience(ctx)))
	if last != nil && err != nil && !errors.Is(err, last) {
		return fmt.Errorf("%w: %w", err, last)
	}
	return err
}

// longest is how long a call may wait for CloudFront when its context does not say: as long as a Lambda function lives.
const longest = 15 * time.Minute

// patience is how long a call may wait. A wait that would end after the context's deadline is not begun.
func patience(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return longest
	}
	return min(longest, max(time.Nanosecond, time.Until(deadline)))
}
