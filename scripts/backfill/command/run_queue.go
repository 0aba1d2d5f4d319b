package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

var (
	queueName   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}(\.fifo)?$`)
	queueRegion = regexp.MustCompile(`^sqs\.([a-z0-9-]+)\.amazonaws\.com`)
)

// queueOf reads dlq://QUEUE: a URL, or a name.
func queueOf(from string) (u *url.URL, name string, err error) {
	rest := strings.TrimPrefix(from, fromQueue)
	if queueName.MatchString(rest) {
		return nil, rest, nil
	}
	if !strings.Contains(rest, "://") {
		rest = "https://" + rest
	}
	u, err = url.Parse(rest)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, "", usage("--from is %q; dlq:// and a queue's URL or name is right, such as dlq://https://sqs.eu-central-1.amazonaws.com/123456789012/presize-dead-letters", from)
	}
	return u, "", nil
}

func (r *run) checkQueue() error {
	if _, _, err := queueOf(r.from); err != nil {
		return err
	}
	if u, err := url.Parse(r.sqsEndpoint); r.sqsEndpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return usage("--sqs-endpoint-url is %q; such as http://127.0.0.1:5000 is right", r.sqsEndpoint)
	}
	switch {
	case r.via == string(price.Batch):
		return usage("--via batch has no use for dead letters, which say what to do one by one; here or lambda is right")
	case r.checkpoint != "" && r.checkpoint != "none" || r.restart:
		return usage("--from %s needs no checkpoint: what is left in the queue is what is left to do; leave --checkpoint and --restart out", r.from)
	}
	return nil
}

// headersWithin is how long SQS, or the function, may take to begin its answer: as long as a function lives.
const headersWithin = 15 * time.Minute

// patient is a client for calls that are answered late.
func patient() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = headersWithin })
}

// queue connects to the queue, in the region that its URL names.
func (r *run) queue(ctx context.Context) (*sqs.Client, string, error) {
	u, name, err := queueOf(r.from)
	if err != nil {
		return nil, "", err
	}
	options, endpoint := r.options(), r.sqsEndpoint
	if u != nil {
		if region := queueRegion.FindStringSubmatch(u.Host); region != nil {
			options.Region = region[1]
		}
		if endpoint == "" {
			endpoint = u.Scheme + "://" + u.Host
		}
	}
	options.Endpoint = endpoint // only so that a region need not be named with it
	config, err := store.Load(ctx, options)
	if err != nil {
		return nil, "", err
	}
	client := sqs.NewFromConfig(config, func(o *sqs.Options) {
		o.HTTPClient = patient() // for a poll that waits
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})
	if u != nil {
		return client, u.String(), nil
	}
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return nil, "", queueError(fmt.Errorf("finding the queue %q in %s: %w; name it by its URL if it is in another region or account", name, config.Region, err))
	}
	return client, *found.QueueUrl, nil
}

// overQueue replays what a queue of dead letters holds.
func (r *run) overQueue(ctx context.Context, at *site, interrupts *interrupts) error {
	client, queue, err := r.queue(ctx)
	if err != nil {
		return err
	}
	work, err := r.planQueue(ctx, at, client, queue)
	if err != nil {
		return err
	}
	bill := r.rates.Estimate(work.Usage(price.Way(r.via), r.rates))
	r.say("About %s messages in %s, estimated at %s via %s if each is about one original.\n", count(work.Originals), queue, dollars(bill.Dollars), r.via)
	if err := r.afford(bill, "nothing was done; allow more"); err != nil {
		return err
	}
	way, _, err := r.way(ctx, at, work)
	if err != nil {
		return err
	}
	// Messages that are gone are in nobody else's list: an older file is added to.
	failures := r.newFailures(true)
	if err := failures.Check(); err != nil {
		return err
	}
	letters := &engine.DeadLetters{
		Queue: client, URL: queue, Bucket: at.Bucket, Replayer: way, Limit: r.limit, Failures: failures, Tally: r.tally,
		Memory: r.memory(), Spend: r.spend(price.Work{Originals: max(1, work.Originals), Missing: work.Missing}), Stop: interrupts.running(),
	}
	if r.dryRun {
		letters.Replayer, letters.Spend = &shown{out: r.out}, nil
	}
	r.tally.Dollars, r.tally.InFlight = r.spent, r.limit.Now // SQS's number is no total: it is a guess, and of messages
	stop := func() {}
	if !r.quiet && !r.dryRun {
		progress := &engine.Progress{Out: r.err, Tally: r.tally, Terminal: isTerminal(r.err)}
		stop = progress.Show()
	}
	became, err := letters.Do(ctx)
	stop()
	return r.queueEnded(became, failures, err)
}

// planQueue asks how many messages there are, which SQS knows about.
func (r *run) planQueue(ctx context.Context, at *site, client *sqs.Client, queue string) (price.Work, error) {
	name := types.QueueAttributeNameApproximateNumberOfMessages
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return price.Work{}, queueError(fmt.Errorf("looking into %s, which takes sqs:GetQueueAttributes, ReceiveMessage, ChangeMessageVisibility and DeleteMessage: %w", queue, err))
	}
	n, _ := strconv.ParseInt(out.Attributes[string(name)], 10, 64)
	return price.Work{Originals: n, Missing: n * int64(len(at.Config.Presets))}, nil
}

// queueEnded says what became of the messages.
func (r *run) queueEnded(became engine.Letters, failures *engine.Failures, err error) error {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }
	stays := became.Unreadable
	if r.dryRun {
		r.say("Nothing was done, and every message is visible again: --dry-run.\n")
	} else {
		stays += became.Kept
		r.summary(r.tally.Now(), failures, err == nil)
		say("%s messages were deleted. %s stay for another try, and %s because they cannot be replayed.\n",
			count(became.Deleted), count(became.Kept), count(became.Unreadable))
	}
	told := int64(0)
	for _, m := range became.Named {
		if m.Unreadable || !r.dryRun {
			told++
			say("  %s stays: %v\n", m.ID, m.Err)
		}
	}
	if stays > told {
		say("  and %s more.\n", count(stays-told))
	}
	switch {
	case err != nil:
		say("To go on: %s\n", r.command)
		return queueError(err)
	case stays > 0 || r.tally.Now().Failed > 0:
		return &exitError{code: exitFailed}
	}
	return nil
}

// queueError says of a queue that is not there what to do.
func queueError(err error) error {
	if _, ok := errors.AsType[*types.QueueDoesNotExist](err); ok {
		return fmt.Errorf("%w; terraform output dead_letter_queue_url names it", err)
	}
	return err
}
