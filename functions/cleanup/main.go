// Command cleanup is the Lambda function that takes the variants of removed originals away.
package main

import "github.com/presize/presize/functions/invoke"

func main() { invoke.Main("cleanup") }
