// Package machine is the whole pipeline on one machine: the bucket, its notifications, the processes of both functions, the
// CDN front, the API of Lambda, CloudFront and EventBridge, and the page, wired as AWS wires them.
package machine
