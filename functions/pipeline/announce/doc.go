// Package announce sends completion events: to an SNS topic, to an EventBridge bus, to both, or to nobody.
//
// An event is sent at least once. An error is worth a retry, which sends it again with the same ID; where two are sent
// to, the one that took it gets it twice.
package announce
