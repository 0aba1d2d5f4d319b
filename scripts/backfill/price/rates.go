package price

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Rate is one number that an estimate rests on.
type Rate struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Source string  `json:"source"`
}

// Rates are all of them, by position; a copy is a copy.
type Rates []Rate

// The names of the rates.
const (
	S3List        = "s3-list"
	S3Get         = "s3-get"
	S3Put         = "s3-put"
	LambdaRequest = "lambda-request"
	LambdaGBs     = "lambda-gb-second"
	LambdaMemory  = "lambda-memory"
	BatchJob      = "batch-job"
	BatchTask     = "batch-task"
	TransferOut   = "transfer-out"

	MsPerOriginal   = "ms-per-original"
	MsPerMegapixel  = "ms-per-megapixel"
	MsWaiting       = "ms-waiting"
	MegapixelsPerMB = "megapixels-per-megabyte"
)

// Where the defaults come from. AWS's own pages could not be read when this was written; these are the numbers of third
// parties' lists.
const (
	listed   = "third parties' lists of 2024 to March 2026 for us-east-1; AWS's own: aws.amazon.com/"
	measured = "measured on 2026-11-21 on one core of an AMD EPYC, libvips 8.18.7, the default presets, 31 photos of " +
		"0.01 to 24 megapixels: go test -run '^$' -bench Original ./scripts/backfill/price"
)

// Defaults are the rates of us-east-1, and of the pipeline as it was measured.
func Defaults() Rates {
	return Rates{
		{S3List, 0.005, "dollars per 1,000 LIST requests", listed + "s3/pricing"},
		{S3Get, 0.0004, "dollars per 1,000 GET and HEAD requests", listed + "s3/pricing"},
		{S3Put, 0.005, "dollars per 1,000 PUT requests", listed + "s3/pricing"},
		{LambdaRequest, 0.20, "dollars per 1,000,000 requests", listed + "lambda/pricing"},
		{LambdaGBs, 0.0000133334, "dollars per GB-second, arm64", listed + "lambda/pricing"},
		{LambdaMemory, 1769, "MB of the function: at 1769 it has one core", "the default of terraform/"},
		{BatchJob, 0.25, "dollars per S3 Batch Operations job", listed + "s3/pricing"},
		{BatchTask, 1.00, "dollars per 1,000,000 objects of a job", listed + "s3/pricing"},
		{TransferOut, 0, "dollars per GB that leaves S3", "0 within the region; about 0.09 to a machine outside of AWS: set it there"},
		{MsPerOriginal, 7, "milliseconds per original", measured},
		{MsPerMegapixel, 14, "milliseconds per megapixel of the original", measured},
		{MsWaiting, 100, "milliseconds of the function per original that pass waiting for S3", "an assumption: not measured on Lambda"},
		{MegapixelsPerMB, 7, "megapixels per 1,000,000 bytes of originals, where no sample was read", "the same photos"},
	}
}

// Of is a rate's value. It panics for a name that is none.
func (r Rates) Of(name string) float64 { return r[r.index(name)].Value }

func (r Rates) index(name string) int {
	return slices.IndexFunc(r, func(rate Rate) bool { return rate.Name == name })
}

// Set changes one rate by "name=value".
func (r Rates) Set(assignment string) error {
	name, text, ok := strings.Cut(assignment, "=")
	value, err := strconv.ParseFloat(text, 64)
	i := r.index(name)
	switch {
	case !ok:
		return fmt.Errorf("found %q; name=value is right, such as %s=0.09", assignment, TransferOut)
	case i < 0:
		return fmt.Errorf("found the rate %q; there are %s", name, strings.Join(r.names(), ", "))
	case err != nil || value < 0 || math.IsInf(value, 0) || math.IsNaN(value):
		return fmt.Errorf("found %s=%q; a number of 0 or more is right: %s", name, text, r[i].Unit)
	}
	r[i].Value, r[i].Source = value, "--rate"
	return nil
}

func (r Rates) names() []string {
	var out []string
	for _, rate := range r {
		out = append(out, rate.Name)
	}
	return out
}
