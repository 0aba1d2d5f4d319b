// Package invocation measures whole invocations of the function, and its cold starts, beside those of the function that
// blog posts write: the event comes through the Lambda Runtime API, the original from S3, and the variants go to S3. Runtime
// API and S3 server are those of scripts/local; the function is the bootstrap that Lambda gets.
//
// On Linux each function's process is held to one core and everything else kept off it. Elsewhere nothing is held to a
// core, and files cannot be dropped from the page cache, so there are no cold starts from cold files.
package invocation
