// Package gallery keeps account of every original in the bucket: what became of it, its variants and records, and the log of its
// run. It learns that from the bucket's changes, from the invocations, and from the function's own log line about each
// original; whoever shows it subscribes.
package gallery
