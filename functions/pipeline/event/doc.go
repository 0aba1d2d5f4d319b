// Package event turns what AWS hands to the function into changes of originals.
//
// S3 reaches a function by many ways: directly, through SQS, through SNS, through SNS and then SQS, or through
// EventBridge, directly or through SQS; and S3 Batch Operations calls it with the tasks of a job. What failed for good lies in
// a queue of dead letters as it was, or, when Lambda gave it up, in an envelope of Lambda's. Parse reads them all and says how
// the invocation is to be answered. One part that cannot be read never hides the others.
//
// S3Notification goes the other way: it makes the JSON that S3 sends, for pipelines without AWS and for tests.
package event
