package machine

import (
	"context"
	"fmt"
	"strings"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/scripts/local/lambda"
)

// changed is the bucket's notification: created originals invoke one function, once for each; removed ones are gathered for
// the other.
func (m *Machine) changed(change event.Change) {
	<-m.ready
	switch {
	case change.Bucket != Bucket:
	case strings.HasPrefix(change.Key, m.Config.Originals):
		m.original(change)
	case strings.HasPrefix(change.Key, m.Config.Resized) && change.Kind == event.Created:
		m.Gallery.Written(context.Background(), change)
	case strings.HasPrefix(change.Key, m.Config.Resized):
		m.Gallery.Removed(change)
	}
}

func (m *Machine) original(change event.Change) {
	payload, err := event.S3Notification(change)
	if err != nil {
		panic(fmt.Sprintf("the bucket announced what is no change: %v", err))
	}
	if change.Kind == event.Removed {
		m.places.release(change.Key)
		m.Gallery.Removed(change)
		_ = m.removals.Send(payload) // refused only while everything stops
		return
	}
	m.places.claim(change.Key)
	id := lambda.NewID()
	if _, reason := m.Config.Classify(change.Key); reason == "" {
		m.Gallery.Uploaded(id, change)
	}
	_ = m.Lambda.EnqueueAs(id, payload) // likewise
}
