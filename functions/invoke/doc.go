// Package invoke is one Lambda invocation: an envelope's changes go through the pipeline, and what became of them is
// answered in the form that the caller understands. It also makes a pipeline from the function's environment.
package invoke
