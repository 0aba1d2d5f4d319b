// Command cleanup is the Lambda function that takes the variants of removed originals away.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/presize/presize/functions/invoke"
)

func main() {
	handler, err := invoke.FromEnvironment(context.Background())
	if err != nil {
		slog.Error("cleanup cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}
