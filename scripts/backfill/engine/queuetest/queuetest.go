// Package queuetest is SQS as far as dead letters need it, in a process and without waits.
package queuetest

import (
	"crypto/md5" //nolint:gosec // SQS's own checksum, which the SDK verifies
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Queue is a queue that is called "letters". Its URL's host is the stand-in itself.
type Queue struct {
	URL      string                               // of the queue
	Endpoint string                               // of SQS
	Twice    bool                                 // deliver every message a second time, at once
	Fail     func(call string) (code string)      // the error of a call, such as "AccessDenied"; "" for none
	OnCall   func(call string, m *Message, n int) // told of each call about a message, with what it asks for in seconds

	mu       sync.Mutex
	messages []*Message
	polls    []int // the wait of each, in seconds
}

// Message is one of the queue.
type Message struct {
	ID       string
	Body     string
	Received int
	Hidden   int // calls of ChangeMessageVisibility

	visible time.Time
}

// New starts it.
func New(t *testing.T) *Queue {
	t.Helper()
	q := &Queue{}
	server := httptest.NewServer(q)
	t.Cleanup(server.Close)
	q.Endpoint = server.URL
	q.URL = server.URL + "/123456789012/letters"
	return q
}

// Send puts a message into the queue.
func (q *Queue) Send(body string) (id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	id = fmt.Sprintf("message-%d", len(q.messages)+1)
	q.messages = append(q.messages, &Message{ID: id, Body: body})
	return id
}

// Left are the messages that were not deleted; visible says how many of them others can receive.
func (q *Queue) Left() (left []Message, visible int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.messages {
		if m.Body == "" {
			continue
		}
		left = append(left, *m)
		if !m.visible.After(time.Now()) {
			visible++
		}
	}
	return left, visible
}

// Polls are the waits that were asked for, in seconds.
func (q *Queue) Polls() []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]int(nil), q.polls...)
}

// ServeHTTP answers in SQS's JSON protocol.
func (q *Queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var input struct {
		QueueName           string `json:"QueueName"`
		QueueURL            string `json:"QueueUrl"`
		ReceiptHandle       string `json:"ReceiptHandle"`
		MaxNumberOfMessages int    `json:"MaxNumberOfMessages"`
		VisibilityTimeout   int    `json:"VisibilityTimeout"`
		WaitTimeSeconds     int    `json:"WaitTimeSeconds"`
	}
	if err := json.NewDecoder(r.Body).Decode(&input); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_, call, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	code := ""
	if q.Fail != nil {
		code = q.Fail(call)
	}
	if code == "" && (input.QueueURL != "" && input.QueueURL != q.URL || input.QueueName != "" && input.QueueName != "letters") {
		code = "com.amazonaws.sqs#QueueDoesNotExist"
	}
	if code != "" {
		w.WriteHeader(http.StatusBadRequest)
		answer(w, map[string]string{"__type": code, "message": "it says"})
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var output any = struct{}{}
	switch call {
	case "GetQueueUrl":
		output = map[string]string{"QueueUrl": q.URL}
	case "GetQueueAttributes":
		output = map[string]any{"Attributes": map[string]string{"ApproximateNumberOfMessages": strconv.Itoa(len(q.messages))}}
	case "ReceiveMessage":
		q.polls = append(q.polls, input.WaitTimeSeconds)
		output = map[string]any{"Messages": q.receive(input.MaxNumberOfMessages, time.Duration(input.VisibilityTimeout)*time.Second)}
	case "ChangeMessageVisibility", "DeleteMessage":
		q.about(call, input.ReceiptHandle, input.VisibilityTimeout)
	}
	answer(w, output)
}

func answer(w http.ResponseWriter, output any) {
	if err := json.NewEncoder(w).Encode(output); err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
}

func (q *Queue) receive(most int, hide time.Duration) []map[string]string {
	out := []map[string]string{}
	for i, m := range q.messages {
		if m.Body == "" || m.visible.After(time.Now()) || len(out) == most {
			continue
		}
		if m.Received++; !q.Twice || m.Received > 1 {
			m.visible = time.Now().Add(hide)
		}
		sum := md5.Sum([]byte(m.Body)) //nolint:gosec // as above
		out = append(out, map[string]string{
			"MessageId": m.ID, "Body": m.Body, "MD5OfBody": hex.EncodeToString(sum[:]), "ReceiptHandle": fmt.Sprintf("%d/%d", i, m.Received),
		})
	}
	return out
}

func (q *Queue) about(call, handle string, seconds int) {
	var i, delivery int
	if _, err := fmt.Sscanf(handle, "%d/%d", &i, &delivery); err != nil || i >= len(q.messages) {
		return
	}
	m := q.messages[i]
	if call == "DeleteMessage" {
		m.Body = ""
	} else {
		m.Hidden++
		m.visible = time.Now().Add(time.Duration(seconds) * time.Second)
	}
	if q.OnCall != nil {
		q.OnCall(call, m, seconds)
	}
}
