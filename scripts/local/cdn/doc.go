// Package cdn answers HTTP for a bucket's variants as a CDN in front of it would, and for nothing else in the bucket.
package cdn
