package contest

import (
	"strings"
	"sync"
)

// tail keeps the end of what a process says on stderr.
type tail struct {
	mutex sync.Mutex
	kept  []byte
}

const tailBytes = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-tailBytes):]
	return len(p), nil
}

// String is what was kept, below a colon; empty for nothing.
func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if text := strings.TrimSpace(string(t.kept)); text != "" {
		return ":\n" + text
	}
	return ""
}
