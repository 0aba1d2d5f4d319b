package report

import (
	"fmt"
	"math"
	"net/http"

	"github.com/presize/presize/scripts/backfill/price"
	"github.com/presize/presize/scripts/bench/result"
)

// x86 is Lambda's price of a GB-second on x86-64 in us-east-1, in dollars (aws.amazon.com/lambda/pricing). Backfill's own
// rate is arm64's. All other prices are backfill's.
const x86 = "0.0000166667"

const million = 1_000_000

// Dollars are what a million invocations cost.
type Dollars struct {
	Compute  float64 // Lambda's duration and its own requests
	Requests float64 // S3's
}

// Total of both.
func (d Dollars) Total() float64 { return d.Compute + d.Requests }

// PerMillion is what a million invocations cost that take wall ms each on a function with one full core, which 1,769 MB have
// (docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html), and send the S3 requests each. Lambda bills whole
// milliseconds. DELETE is free; what is neither read nor LIST costs as PUT does.
func PerMillion(wall float64, requests map[string]int) (Dollars, error) {
	rates := price.Defaults()
	if err := rates.Set(price.LambdaGBs + "=" + x86); err != nil {
		return Dollars{}, fmt.Errorf("the price of x86-64: %w", err)
	}
	usage := price.Usage{Invokes: million, LambdaMs: math.Ceil(wall) * million}
	for operation, count := range requests {
		n := int64(count) * million
		switch operation {
		case http.MethodGet:
			usage.Gets += n
		case http.MethodHead:
			usage.Heads += n
		case "LIST":
			usage.Lists += n
		case http.MethodDelete:
			usage.Deletes += n
		default:
			usage.Puts += n
		}
	}
	var d Dollars
	for _, line := range rates.Estimate(usage).Lines {
		switch line.Rate {
		case price.LambdaGBs, price.LambdaRequest:
			d.Compute += line.Dollars
		default:
			d.Requests += line.Dollars
		}
	}
	return d, nil
}

// invocations are those that count.
func invocations(run *result.Run) []result.Invocation {
	var all []result.Invocation
	for _, i := range run.Invocations {
		if i.Cannot == "" && len(i.Samples) > 0 {
			all = append(all, i)
		}
	}
	return all
}
