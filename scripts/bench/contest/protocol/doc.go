// Package protocol is how the benchmark talks to a contestant: a process that lives for many uploads. Each line of JSON on
// its stdin is one Upload, each line on its stdout the Answer to it. Contestants written in Go answer with Serve.
package protocol
