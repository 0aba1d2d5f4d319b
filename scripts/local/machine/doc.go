// Package machine is the whole pipeline on one machine: the bucket, its notifications, the function's processes, the CDN
// front, Lambda's API and the page, wired as AWS wires them.
package machine
