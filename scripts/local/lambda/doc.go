// Package lambda runs a function's bootstrap on this machine the way AWS Lambda does: as processes of their own that
// fetch their work from the Runtime API, one invocation at a time each, started on demand and kept warm. Events are
// queued, retried twice, then put on a list of dead letters. Clients of Lambda's own API can invoke the function too.
package lambda
