package event

import "github.com/aws/aws-lambda-go/events"

// SQSAnswer names the messages of a batch that failed; SQS delivers only those again. The event source mapping must
// have ReportBatchItemFailures, or Lambda takes any answer for success. An id may be given more than once. An empty one
// makes Lambda retry the whole batch, which is right for a message that came without an id.
func SQSAnswer(failed []string) events.SQSEventResponse {
	answer := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	seen := make(map[string]bool, len(failed))
	for _, id := range failed {
		if !seen[id] {
			seen[id] = true
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
		}
	}
	return answer
}
