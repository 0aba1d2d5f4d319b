// Package machine is the whole pipeline on one machine: the bucket, its notifications, the function's processes, the CDN
// front and the page, wired as AWS wires them.
package machine
