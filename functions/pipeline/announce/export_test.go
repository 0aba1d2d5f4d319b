package announce

import "time"

// Hurry makes retries follow each other closely.
func (e *EventBridge) Hurry() { e.wait = time.Millisecond }
