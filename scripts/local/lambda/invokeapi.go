package lambda

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// How large an event may be, in bytes: 1 MB asynchronously, since October 2025, and 6 MB otherwise.
// See https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
const (
	maxEvent   = 1 << 20
	maxRequest = 6 << 20
)

// maxTail is how much of an invocation's log is answered to those who ask for it, in bytes.
const maxTail = 4 << 10

// account is the one that this machine's ARNs name.
const account = "000000000000"

// latest is the only version that there is.
const latest = "$LATEST"

// InvokePath is what the paths of Lambda's Invoke action begin with.
const InvokePath = "/2015-03-31/"

// InvokeAPI is Lambda's own API as far as its Invoke action goes, for one function or more: what
// `aws lambda invoke --endpoint-url` and the SDKs speak. Signatures are not looked at; scripts of web pages are kept out.
// See https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html.
func InvokeAPI(functions ...*Lambda) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+InvokePath+"functions/{name}/invocations", func(w http.ResponseWriter, r *http.Request) {
		name, qualifier := r.PathValue("name"), r.URL.Query().Get("Qualifier")
		at := slices.IndexFunc(functions, func(l *Lambda) bool { return l.isNamed(name, qualifier) })
		if at < 0 {
			denyUnknown(w, name, functions)
			return
		}
		functions[at].serveInvoke(w, r)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		deny(w, &apiError{http.StatusNotFound, "UnknownOperationException", fmt.Sprintf(
			"%s %s is not emulated here: Invoke is", r.Method, r.URL.Path)})
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func denyUnknown(w http.ResponseWriter, name string, functions []*Lambda) {
	names := make([]string, len(functions))
	for i, l := range functions {
		names[i] = l.ARN()
	}
	w.Header().Set("X-Amzn-Requestid", NewID())
	deny(w, &apiError{http.StatusNotFound, "ResourceNotFoundException", fmt.Sprintf(
		"Function not found: %s; here is %s", name, strings.Join(names, ", "))})
}

func (l *Lambda) serveInvoke(w http.ResponseWriter, r *http.Request) {
	id := NewID()
	w.Header().Set("X-Amzn-Requestid", id)
	kind := cmp.Or(r.Header.Get("X-Amz-Invocation-Type"), "RequestResponse")
	payload, refusal := l.readEvent(w, r, kind)
	if refusal != nil {
		deny(w, refusal)
		return
	}
	var err error
	status := http.StatusNoContent // of a dry run
	switch kind {
	case "Event":
		status, err = http.StatusAccepted, l.EnqueueAs(id, payload) //nolint:contextcheck // the event outlives its request
	case "RequestResponse":
		// Whoever hangs up does not end it, as on Lambda.
		var result Result
		result, err = l.attempt(context.WithoutCancel(r.Context()), Invocation{ID: id, Attempt: 1, Payload: payload})
		if !errors.Is(err, ErrClosed) {
			answerInvoke(w, r, result, err)
			return
		}
	}
	if err != nil {
		deny(w, &apiError{http.StatusInternalServerError, "ServiceException", err.Error()})
		return
	}
	w.WriteHeader(status)
}

// readEvent checks a request and reads its event. None at all is an empty object.
func (l *Lambda) readEvent(w http.ResponseWriter, r *http.Request, kind string) ([]byte, *apiError) {
	limit := int64(maxRequest)
	switch kind {
	case "Event":
		limit = maxEvent
	case "RequestResponse", "DryRun":
	default:
		return nil, &apiError{http.StatusBadRequest, "InvalidParameterValueException", fmt.Sprintf(
			"Invocation type %q is none of Event, RequestResponse, DryRun", kind)}
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &apiError{http.StatusRequestEntityTooLarge, "RequestTooLargeException", fmt.Sprintf(
			"Request must be smaller than %d bytes for the InvokeFunction operation", limit)}
	}
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	if err != nil || !json.Valid(payload) {
		return nil, &apiError{http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json"}
	}
	return payload, nil
}

// isNamed says whether a name, or a partial or whole ARN, is the function's, with no version but the latest.
func (l *Lambda) isNamed(name, qualifier string) bool {
	if _, after, ok := strings.Cut(name, "function:"); ok {
		name = after
	}
	name, version, _ := strings.Cut(name, ":")
	return name == l.function.Name && cmp.Or(version, latest) == latest && cmp.Or(qualifier, latest) == latest
}

// ARN is the function's.
func (l *Lambda) ARN() string {
	return "arn:aws:lambda:" + l.function.Region + ":" + account + ":function:" + l.function.Name
}

// answerInvoke answers with what the function gave: its error is in the body and a header, with the status of a success.
func answerInvoke(w http.ResponseWriter, r *http.Request, result Result, err error) {
	header, payload := w.Header(), result.Payload
	header.Set("Content-Type", "application/json")
	header.Set("X-Amz-Executed-Version", latest)
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		log := []byte(strings.Join(result.Log, "\n"))
		header.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(log[max(0, len(log)-maxTail):]))
	}
	if err != nil {
		header.Set("X-Amz-Function-Error", "Unhandled")
		payload = failurePayload(err)
	}
	_, _ = w.Write(payload) // a client that cannot be written to is gone
}

// failurePayload is what the function said of its failure, or what Lambda says of one that could not.
func failurePayload(err error) []byte {
	kind, message := "Runtime.Unknown", err.Error()
	if failure, ok := errors.AsType[*Error](err); ok {
		if json.Valid(failure.Payload) {
			return failure.Payload
		}
		kind, message = failure.Type, failure.Message
	}
	payload, err := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message})
	if err != nil {
		return []byte("{}") // texts can always be marshalled
	}
	return payload
}

// apiError is an error of the API, not of the function.
type apiError struct {
	status        int
	kind, message string
}

// deny writes an error as the API does. Its exceptions do not agree on the case of "message"; clients look for their own.
func deny(w http.ResponseWriter, e *apiError) {
	w.Header().Set("X-Amzn-Errortype", e.kind)
	fault := "User"
	if e.status >= http.StatusInternalServerError {
		fault = "Service"
	}
	name := "message"
	if e.kind == "ResourceNotFoundException" || e.kind == "ServiceException" {
		name = "Message"
	}
	reply(w, e.status, map[string]string{"Type": fault, name: e.message})
}
