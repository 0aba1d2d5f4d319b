package command

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/spf13/pflag"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
	"github.com/presize/presize/scripts/backfill/price"
)

// The defaults of --via lambda.
const (
	defaultFunction = "presize-resize" // as terraform/ names it
	lambdaInFlight  = 100              // a tenth of an account's usual concurrency, so that uploads go on as before
	defaultWait     = 2 * time.Minute
)

// lambdaFlags are those of --via lambda.
type lambdaFlags struct {
	function       string
	lambdaEndpoint string
	wait           time.Duration
}

func (l *lambdaFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&l.function, "function", defaultFunction, "with --via lambda: name or ARN of the function")
	f.StringVar(&l.lambdaEndpoint, "lambda-endpoint-url", "", "with --via lambda: another Lambda, such as the local pipeline's (default: AWS)")
	f.DurationVar(&l.wait, "wait", defaultWait, "with --via lambda: how long an original's variants are waited for; 0: not at all")
}

// lambda is the way by the function.
func (r *run) lambda(ctx context.Context, at *site, work price.Work) (*engine.Lambda, error) {
	options := r.options()
	options.Endpoint = r.lambdaEndpoint // only so that a region need not be named with it
	config, err := store.Load(ctx, options)
	if err != nil {
		return nil, err
	}
	client := lambda.NewFromConfig(config, func(o *lambda.Options) {
		if r.fromQueue() {
			o.HTTPClient = patient() // for the function's answer
		}
		if r.lambdaEndpoint != "" {
			o.BaseEndpoint = &r.lambdaEndpoint
		}
	})
	ms := work.Usage(price.Lambda, r.rates).LambdaMs / float64(max(1, work.Originals))
	return &engine.Lambda{
		Client: client, Function: r.function, Config: at.Config, Bucket: at.Bucket,
		Originals: at.Originals, Variants: at.Variants, Wait: r.wait, Meter: r.meter,
		Each: func(item engine.Item) price.Usage {
			return price.Usage{Gets: 1, Heads: 1, Puts: int64(len(item.Presets)), LambdaMs: ms}
		},
	}, nil
}
