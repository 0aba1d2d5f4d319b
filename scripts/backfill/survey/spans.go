package survey

import (
	"slices"
	"sync/atomic"
)

// spans are the ranges between bounds; together they hold every key.
func spans(bounds []string) []span {
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	out := []span{{}}
	for _, b := range bounds {
		out[len(out)-1].to = b
		out = append(out, span{from: b})
	}
	return out
}

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
func (e *end) passed(relative string) bool {
	to := e.to()
	return to != "" && relative >= to
}
