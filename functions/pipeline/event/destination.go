package event

import "encoding/json"

// requestPayload is the member of a destination's envelope that holds what the function was invoked with.
const requestPayload = "requestPayload"

// givenUp says whether an object is what Lambda sends to a destination for failures, when an asynchronous invocation failed
// for good: {"version": "1.0", "requestContext": {"condition": "RetriesExhausted", ...}, "requestPayload": {...}, ...}.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html.
func givenUp(fields map[string]json.RawMessage) bool {
	return fields[requestPayload] != nil && fields["requestContext"] != nil
}

// Request is what the function was invoked with when it gave up: what a destination's envelope holds, and of every other
// payload the payload itself. Dead letters of a queue or of an EventBridge rule have no envelope.
func Request(payload []byte) []byte {
	if fields, err := object(payload); err == nil && givenUp(fields) {
		return fields[requestPayload]
	}
	return payload
}
