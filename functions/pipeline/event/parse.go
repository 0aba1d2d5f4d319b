package event

import (
	"encoding/json"
	"fmt"
)

// maxDepth is how many wrappings are opened. The deepest that AWS makes is SNS in what Lambda gave up, in SQS: three of them.
const maxDepth = 4

const envelopes = "an S3 notification, bare or in SQS or SNS, an EventBridge event of S3, what Lambda gave up of these, or an invocation by S3 Batch Operations"

// Parse reads one invocation's payload. The error is a *MalformedError and says that nothing of the payload was
// understood, or of the source Batch nothing that could be answered; a part that was not understood is a Record with Err.
func Parse(payload []byte) (Envelope, error) {
	r := reader{source: Direct}
	if err := r.open(payload, "", 0); err != nil {
		if r.source == Batch {
			return Envelope{Source: Batch}, err
		}
		return Envelope{}, err
	}
	return Envelope{Source: r.source, Records: r.records, Invocation: r.invocation}, nil
}

type reader struct {
	source     Source
	records    []Record
	invocation Invocation
}

// add appends a record about the SQS message or task id.
func (r *reader) add(id string, record Record) {
	record.ID = id
	r.records = append(r.records, record)
}

// open reads one layer of wrapping; what it cannot place at all it returns as a *MalformedError.
func (r *reader) open(payload []byte, id string, depth int) error {
	if depth > maxDepth {
		return malformed(payload, fmt.Sprintf("more than %d wrappings", maxDepth), envelopes, nil)
	}
	fields, err := object(payload)
	if err != nil {
		return err
	}
	switch {
	case fields["Records"] != nil:
		return r.list(fields["Records"], id, depth)
	case fields["detail-type"] != nil:
		return r.bridge(payload, id)
	case text(fields["Event"]) == "s3:TestEvent":
		r.add(id, Record{Skipped: "S3's test event, sent when a notification is configured"})
		return nil
	case fields["invocationSchemaVersion"] != nil && depth == 0:
		return r.batch(payload)
	case fields["TopicArn"] != nil && fields["Message"] != nil:
		return r.message(payload, fields, id, depth)
	case givenUp(fields):
		return r.open(fields[requestPayload], id, depth+1)
	}
	return malformed(payload, names(fields), envelopes, nil)
}

// list reads the records of S3, SNS or SQS. When none of them is of a known service, neither is the list.
func (r *reader) list(raw json.RawMessage, id string, depth int) error {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return malformed(raw, `"Records" that is not a list`, "a list of records", err)
	}
	if len(list) == 0 {
		r.add(id, Record{Skipped: "the event has no records"})
		return nil
	}
	start, foreign := len(r.records), 0
	var last error
	for _, item := range list {
		known, err := r.record(item, id, depth)
		if !known {
			foreign, last = foreign+1, err
			r.add(id, Record{Err: err})
		}
	}
	if foreign == len(list) {
		r.records = r.records[:start]
		return last
	}
	return nil
}

// record reads one element of a list, or says that it is none of S3's, SNS's or SQS's.
func (r *reader) record(raw json.RawMessage, id string, depth int) (known bool, err error) {
	fields, err := object(raw)
	if err != nil {
		return false, err
	}
	source := text(fields["eventSource"])
	switch {
	case source == "aws:sqs" || fields["body"] != nil && fields["messageId"] != nil:
		if depth == 0 {
			r.source, id = SQS, text(fields["messageId"])
		}
		r.nested(raw, fields["body"], "SQS message", id, depth)
	case text(fields["EventSource"]) == "aws:sns" || fields["Sns"] != nil:
		entity, err := object(fields["Sns"])
		if err != nil {
			r.add(id, Record{Err: malformed(raw, "an SNS record without Sns", "an SNS notification", err)})
			break
		}
		r.nested(raw, entity["Message"], "SNS message", id, depth)
	case source == "aws:s3" || fields["s3"] != nil:
		r.add(id, s3Record(raw))
	default:
		return false, malformed(raw, fmt.Sprintf("a record of %q: %s", cut(source, maxName), names(fields)), envelopes, nil)
	}
	return true, nil
}

// nested opens the text that an SQS or SNS record carries.
func (r *reader) nested(raw, body json.RawMessage, what, id string, depth int) {
	var inner string
	err := json.Unmarshal(body, &inner)
	if err != nil || body[0] != '"' {
		r.add(id, Record{Err: malformed(raw, "an "+what+" without text", envelopes, err)})
		return
	}
	if err := r.open([]byte(inner), id, depth+1); err != nil {
		r.add(id, Record{Err: err})
	}
}

// message reads what SNS puts into SQS unless raw delivery is on.
func (r *reader) message(raw []byte, fields map[string]json.RawMessage, id string, depth int) error {
	if kind := text(fields["Type"]); kind == "SubscriptionConfirmation" || kind == "UnsubscribeConfirmation" {
		r.add(id, Record{Skipped: "an SNS " + kind + ", which somebody has to answer by hand"})
		return nil
	}
	r.nested(raw, fields["Message"], "SNS message", id, depth)
	return nil
}

// object splits a JSON object. The map is exact about case, unlike decoding into a struct.
func object(raw []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, malformed(raw, "what is not a JSON object", envelopes, err)
	}
	if fields == nil {
		return nil, malformed(raw, "null", envelopes, nil)
	}
	return fields, nil
}

// text is a JSON string's value, or "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
