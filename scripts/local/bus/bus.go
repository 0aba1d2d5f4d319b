package bus

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/presize/presize/scripts/local/lambda"
)

// Target is the header X-Amz-Target of the one action that there is.
const Target = "AWSEvents.PutEvents"

// What one request may have: entries, and bytes, as EventBridge takes since January 2026.
const (
	maxEntries = 10
	maxBytes   = 1 << 20
)

// Event is what was put on the bus.
type Event struct {
	ID         string // that EventBridge gave it
	Time       time.Time
	Source     string
	DetailType string
	Detail     json.RawMessage
}

// Handler takes events for the bus of this name and hands each to put, in their order, before it answers. Signatures are
// not looked at; scripts of web pages are kept out.
// See https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html.
func Handler(name string, put func(Event)) http.Handler {
	return http.NewCrossOriginProtection().Handler(&handler{name, put})
}

type handler struct {
	name string
	put  func(Event)
}

// entry is one element of a request. The time is seconds since 1970, in JSON 1.1.
type entry struct {
	EventBusName string   `json:"EventBusName"`
	Source       string   `json:"Source"`
	DetailType   string   `json:"DetailType"`
	Detail       string   `json:"Detail"`
	Time         *float64 `json:"Time"`
}

// verdict is one element of an answer.
type verdict struct {
	EventID      string `json:"EventId,omitempty"`
	ErrorCode    string `json:"ErrorCode,omitempty"`
	ErrorMessage string `json:"ErrorMessage,omitempty"`
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", lambda.NewID())
	if target := r.Header.Get("X-Amz-Target"); r.Method != http.MethodPost || target != Target {
		refuse(w, http.StatusBadRequest, "UnknownOperationException", fmt.Sprintf("%q is not emulated here: %s is", target, Target))
		return
	}
	var request struct {
		Entries []entry `json:"Entries"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 2*maxBytes))
	if err == nil {
		err = json.Unmarshal(body, &request)
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		refuse(w, http.StatusRequestEntityTooLarge, "ValidationException", tooLarge.Error())
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "SerializationException", err.Error())
		return
	}
	if refusal := h.check(request.Entries); refusal != nil {
		refuse(w, http.StatusBadRequest, refusal.code, refusal.message)
		return
	}
	failed, verdicts := h.take(request.Entries)
	reply(w, http.StatusOK, map[string]any{"FailedEntryCount": failed, "Entries": verdicts})
}

type refusal struct{ code, message string }

// check says what refuses a request as a whole; nil when nothing does.
func (h *handler) check(entries []entry) *refusal {
	if len(entries) == 0 || len(entries) > maxEntries {
		return &refusal{"ValidationException", fmt.Sprintf("%d entries; it must be 1 to %d", len(entries), maxEntries)}
	}
	size := 0
	for _, e := range entries {
		name := e.EventBusName[strings.LastIndexByte(e.EventBusName, '/')+1:] // of an ARN
		if cmp.Or(name, "default") != h.name {
			return &refusal{"ResourceNotFoundException", fmt.Sprintf("Event bus %s does not exist.", e.EventBusName)}
		}
		size += len(e.Source) + len(e.DetailType) + len(e.Detail)
		if e.Time != nil {
			size += 14 // as EventBridge counts
		}
	}
	if size > maxBytes {
		return &refusal{"ValidationException", fmt.Sprintf("Total size of the entries in the request is over the limit: %d bytes", size)}
	}
	return nil
}

// take hands on the entries that are events.
func (h *handler) take(entries []entry) (failed int, verdicts []verdict) {
	for _, e := range entries {
		made, wrong := e.event()
		if wrong.ErrorCode != "" {
			failed++
			verdicts = append(verdicts, wrong)
			continue
		}
		h.put(made)
		verdicts = append(verdicts, verdict{EventID: made.ID})
	}
	return failed, verdicts
}

func (e entry) event() (Event, verdict) {
	switch {
	case e.Source == "":
		return Event{}, verdict{ErrorCode: "InvalidArgument", ErrorMessage: "Parameter Source is not valid. Reason: Source is a required argument."}
	case e.DetailType == "":
		return Event{}, verdict{ErrorCode: "InvalidArgument", ErrorMessage: "Parameter DetailType is not valid. Reason: DetailType is a required argument."}
	case !isObject(e.Detail):
		return Event{}, verdict{ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed."}
	}
	at := time.Now()
	if e.Time != nil {
		at = time.UnixMilli(int64(*e.Time * 1000))
	}
	return Event{ID: lambda.NewID(), Time: at.UTC(), Source: e.Source, DetailType: e.DetailType, Detail: json.RawMessage(e.Detail)}, verdict{}
}

func isObject(text string) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal([]byte(text), &object) == nil && object != nil
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Amzn-Errortype", code)
	reply(w, status, map[string]string{"__type": code, "message": message})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	encoded, err := json.Marshal(body)
	if err != nil {
		status, encoded = http.StatusInternalServerError, []byte(`{}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // a client that cannot be written to is gone
}
