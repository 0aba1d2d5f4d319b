// Command backfill brings the variants of a bucket up to what presets.yaml asks for, and says first what that costs.
package main

import (
	"context"
	"os"

	"github.com/presize/presize/scripts/backfill/command"
)

func main() {
	os.Exit(command.Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}
