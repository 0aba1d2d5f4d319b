package report

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Meter writes the metrics of originals. It is safe for use by several goroutines.
type Meter struct {
	// Now is the clock: time.Now unless a test sets it before the first use.
	Now func() time.Time

	namespace  string
	dimensions []Dimension
	mu         sync.Mutex
	w          io.Writer
}

// NewMeter writes to w, each line by one Write. An empty function leaves that dimension out.
func NewMeter(w io.Writer, namespace, function string) *Meter {
	m := &Meter{Now: time.Now, namespace: namespace, w: w}
	if function != "" {
		m.dimensions = []Dimension{{"Function", function}}
	}
	return m
}

// Count writes one original's metrics.
func (m *Meter) Count(o Original) error {
	line, err := o.Metrics(m.Now(), m.namespace, m.dimensions...)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.w.Write(line); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}
