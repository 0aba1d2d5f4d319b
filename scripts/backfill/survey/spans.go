package survey

import "sync/atomic"

// thin keeps a number of sorted bounds, evenly.
func thin(bounds []string, number int) []string {
	if len(bounds) <= number {
		return bounds
	}
	out := make([]string, 0, number)
	for i := range number {
		out = append(out, bounds[(i+1)*len(bounds)/(number+1)])
	}
	return out
}

// end is where a range ends, which comes nearer when the range gives its rest away.
type end struct{ at atomic.Pointer[string] }

func endAt(to string) *end {
	e := &end{}
	e.set(to)
	return e
}

func (e *end) set(to string) { e.at.Store(&to) }
func (e *end) to() string    { return *e.at.Load() }

// passed says whether a relative key is behind the end.
func (e *end) passed(relative string) bool { return span{to: e.to()}.passed(relative) }
