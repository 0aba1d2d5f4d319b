// Package survey compares the originals of a bucket with the variants that stand there.
package survey
