package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Options are what the environment does not say. The zero value is right on Lambda.
type Options struct {
	Region       string                  // empty: as the environment and the shared configuration say
	Endpoint     string                  // of an S3-compatible server, "http://127.0.0.1:9000"; empty: AWS, or AWS_ENDPOINT_URL_S3
	UsePathStyle bool                    // the bucket in the path instead of the host name, as most such servers need it
	Credentials  aws.CredentialsProvider // nil: the SDK's chain
	MaxAttempts  int                     // per call, the first one included; 0: 4
	MaxBackoff   time.Duration           // between two attempts; 0: 3 s
	// OnRetry is told of every call that is about to be tried again, from the call's goroutine, and whether S3 asked for
	// fewer requests. nil: nobody is.
	OnRetry func(throttled bool)
}

// The client's limits. There is none on a whole call: reading a large original takes as long as the context allows.
const (
	maxAttempts    = 4
	maxBackoff     = 3 * time.Second
	dialTimeout    = 3 * time.Second
	tlsTimeout     = 5 * time.Second
	headerTimeout  = 15 * time.Second // from the request's last byte to the answer's first
	silence        = 30 * time.Second // without a byte of the answer, also while a body is read or written
	idlePerHost    = 64               // connections; the SDK's 10 make a backfill reconnect all the time
	fallbackRegion = "us-east-1"      // of servers that have no regions
)

// Connect makes a client for NewS3, by the SDK's configuration loader: a client made from bare options sends no checksums.
func Connect(ctx context.Context, options Options) (*s3.Client, error) {
	loaded, err := Load(ctx, options)
	if err != nil {
		return nil, err
	}
	return s3.NewFromConfig(loaded, func(o *s3.Options) {
		o.UsePathStyle = options.UsePathStyle
		if options.Endpoint != "" {
			o.BaseEndpoint = &options.Endpoint
		}
		// Originals uploaded without a checksum are no news.
		o.DisableLogOutputChecksumValidationSkipped = true
	}), nil
}

// Load is the configuration that Connect's client has: for clients of the services that work beside S3. The endpoint is
// S3's own and stays out of it.
func Load(ctx context.Context, options Options) (aws.Config, error) {
	if err := options.validate(); err != nil {
		return aws.Config{}, err
	}
	load := []func(*config.LoadOptions) error{
		config.WithRegion(options.Region),
		config.WithCredentialsProvider(options.Credentials),
		config.WithHTTPClient(awshttp.NewBuildableClient().
			WithReadTimeout(silence).
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
			WithTransportOptions(func(t *http.Transport) {
				t.TLSHandshakeTimeout = tlsTimeout
				t.ResponseHeaderTimeout = headerTimeout
				t.MaxIdleConnsPerHost = idlePerHost
			})),
		config.WithRetryer(options.retryer),
	}
	if options.Endpoint != "" {
		load = append(load, config.WithDefaultRegion(fallbackRegion))
	}
	loaded, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("loading the AWS configuration: %w", err)
	}
	if loaded.Region == "" {
		return aws.Config{}, errors.New("no AWS region: set AWS_REGION, or the region of the profile")
	}
	return loaded, nil
}

func (o Options) validate() error {
	var all []error
	if o.MaxAttempts < 0 {
		all = append(all, fmt.Errorf("MaxAttempts is %d; it must be 0 (the default of %d) or more", o.MaxAttempts, maxAttempts))
	}
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			all = append(all, fmt.Errorf("endpoint is %q; it must be like http://127.0.0.1:9000", o.Endpoint))
		}
	}
	return errors.Join(all...)
}
