package command

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
)

func count(n int64) string { return humanize.Comma(n) }

// decimals are the digits behind the point that still say something.
func decimals(n float64) int {
	if n < 10 && n != float64(int64(n)) {
		return 2
	}
	return 0
}

// dollars keeps small sums from looking like none.
func dollars(d float64) string {
	switch {
	case d == 0:
		return "$0"
	case d < 0.0001:
		return "<$0.0001"
	case d < 1:
		return fmt.Sprintf("$%.4f", d)
	default:
		return "$" + humanize.CommafWithDigits(d, 2)
	}
}

// length says how long, to a precision that a person reads.
func length(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < 100*time.Hour:
		return d.Round(time.Second).String()
	default:
		return fmt.Sprintf("%.0f hours", d.Hours())
	}
}
