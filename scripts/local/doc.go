// Command local runs the whole pipeline on one machine: an S3 bucket, the function's own bootstrap as Lambda would run
// it, a CDN front, and a page that shows every variant as it is made.
package main
