package contest

import (
	"fmt"
	"slices"

	"github.com/presize/presize/scripts/bench/result"
)

// describe is a cell in one line, while it is being waited for.
func describe(c result.Cell) string {
	text := fmt.Sprintf("%-26s %-15s", c.File, c.Contestant)
	if c.Cannot != "" {
		return text + " cannot: " + c.Cannot
	}
	if n := len(c.Samples); n > 0 {
		sorted := slices.SortedFunc(slices.Values(c.Samples), func(a, b result.Sample) int { return int(a.CPU*1000) - int(b.CPU*1000) })
		text += fmt.Sprintf(" %8.1f ms CPU (%.1f to %.1f)", sorted[n/2].CPU, sorted[0].CPU, sorted[n-1].CPU)
	}
	if n := len(c.Peaks); n > 0 {
		text += fmt.Sprintf(" %5d MiB", slices.Sorted(slices.Values(c.Peaks))[n/2]>>20)
	}
	if c.Short != "" {
		text += "  short: " + c.Short
	}
	return text
}
