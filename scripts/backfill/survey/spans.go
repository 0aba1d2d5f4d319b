package survey

import "slices"

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
