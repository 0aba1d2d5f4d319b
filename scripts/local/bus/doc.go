// Package bus is an event bus as EventBridge has them, as far as its action PutEvents goes: what is put on it is handed to
// one listener, in this process.
package bus
