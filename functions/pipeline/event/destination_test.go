package event_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/presize/presize/functions/pipeline/event"
)

// What Lambda gave up can be given to it once more as it was.
func TestRequest(t *testing.T) {
	all := fixtures(t)
	for name, want := range map[string]string{
		"destination-put": "s3-put", "destination-aged": "s3-put", "destination-eventbridge-delete": "eventbridge-delete",
		"s3-put": "s3-put", "eventbridge-put": "eventbridge-put", "unknown-cut": "unknown-cut",
	} {
		t.Run(name, func(t *testing.T) {
			got := event.Request(all[name])
			if name == want {
				if string(got) != string(all[name]) {
					t.Errorf("%s is not left as it is: %s", name, got)
				}
				return
			}
			var left, right any
			if err := json.Unmarshal(got, &left); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(all[want], &right); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(left, right) {
				t.Errorf("got %s", got)
			}
		})
	}
}
