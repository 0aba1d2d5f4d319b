package invoke

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// Main is a function's main: both handle either kind of change, and differ in what invokes them.
func Main(name string) {
	handler, err := FromEnvironment(context.Background())
	if err != nil {
		slog.Error(name+" cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}
