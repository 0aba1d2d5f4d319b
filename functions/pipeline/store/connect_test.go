package store_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/presize/presize/functions/pipeline/store"
)

func TestConnect(t *testing.T) {
	for name, c := range map[string]struct {
		options store.Options
		region  string // AWS_REGION
		says    string // the error; empty: none
		want    string // region of the client
	}{
		"of the environment":     {store.Options{}, "eu-central-1", "", "eu-central-1"},
		"region given":           {store.Options{Region: "eu-west-1"}, "eu-central-1", "", "eu-west-1"},
		"no region":              {store.Options{}, "", "AWS_REGION", ""},
		"server without regions": {store.Options{Endpoint: "http://127.0.0.1:9000"}, "", "", "us-east-1"},
		"server with a region":   {store.Options{Endpoint: "https://s3.example.com"}, "eu-central-1", "", "eu-central-1"},
		"no scheme":              {store.Options{Endpoint: "127.0.0.1:9000"}, "eu-central-1", `"127.0.0.1:9000"`, ""},
		"odd scheme":             {store.Options{Endpoint: "s3://bucket"}, "eu-central-1", `"s3://bucket"`, ""},
		"negative attempts":      {store.Options{MaxAttempts: -1}, "eu-central-1", "MaxAttempts is -1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			t.Setenv("AWS_REGION", c.region)
			c.options.Credentials = credentials.NewStaticCredentialsProvider("id", "secret", "")
			client, err := store.Connect(t.Context(), c.options)
			if c.says != "" || err != nil {
				if c.says == "" || err == nil || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("error %v, want %q", err, c.says)
				}
				return
			}
			o := client.Options()
			if o.Region != c.want || aws.ToString(o.BaseEndpoint) != c.options.Endpoint {
				t.Errorf("region %q and endpoint %q, want %q and %q", o.Region, aws.ToString(o.BaseEndpoint), c.want, c.options.Endpoint)
			}
			if o.Retryer.MaxAttempts() != 4 || o.RequestChecksumCalculation != aws.RequestChecksumCalculationWhenSupported {
				t.Errorf("%d attempts, checksums %d", o.Retryer.MaxAttempts(), o.RequestChecksumCalculation)
			}
			transport := o.HTTPClient.(*awshttp.BuildableClient).GetTransport()
			if transport.ResponseHeaderTimeout == 0 || transport.TLSHandshakeTimeout == 0 {
				t.Error("a client that waits for ever")
			}
		})
	}
}

func TestConnectRetries(t *testing.T) {
	attempts := 0
	_, log := serve(t, func(w http.ResponseWriter, _ request) {
		if attempts++; attempts < 3 {
			fail(w, http.StatusServiceUnavailable, "SlowDown")
		}
	})
	client, err := store.Connect(t.Context(), store.Options{
		Endpoint: log.url, UsePathStyle: true, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.NewS3(client, "photos").Put(t.Context(), "k", store.Object{Body: []byte("body")}); err != nil {
		t.Fatal(err)
	}
	for i, r := range log.requests {
		if r.body != "body" {
			t.Errorf("attempt %d sent %q", i+1, r.body)
		}
	}
	if len(log.requests) != 3 {
		t.Errorf("%d requests, want 3", len(log.requests))
	}
}
