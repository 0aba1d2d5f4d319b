// Package cdn answers HTTP for a bucket's variants and manifests as CloudFront in front of it would, and for nothing else in
// the bucket. It keeps copies, and takes CloudFront's requests to forget them.
package cdn
