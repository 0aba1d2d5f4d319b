// Command resize is the Lambda function that makes the variants of created originals.
package main

import "github.com/presize/presize/functions/invoke"

func main() { invoke.Main("resize") }
