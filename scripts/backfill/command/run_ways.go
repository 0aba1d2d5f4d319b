package command

import (
	"slices"
	"strings"

	"github.com/presize/presize/scripts/backfill/price"
)

// flagWays are the flags that not every way heeds, and the ways that do. What is not heeded is refused: whoever gave it meant something.
var flagWays = []struct {
	flag string
	ways []price.Way
}{
	{"base-url", []price.Way{price.Here}},
	{"distribution-id", []price.Way{price.Here}},
	{"cloudfront-endpoint-url", []price.Way{price.Here}},
	{"function", []price.Way{price.Lambda}},
	{"lambda-endpoint-url", []price.Way{price.Lambda}},
	{"wait", []price.Way{price.Lambda}},
	{"manifest", []price.Way{price.Batch}},
	{"report", []price.Way{price.Batch}},
	{"inventory", []price.Way{price.Batch}},
	{"role-arn", []price.Way{price.Batch}},
	{"function-arn", []price.Way{price.Batch}},
	{"account", []price.Way{price.Batch}},
	{"yes", []price.Way{price.Batch}},
	{"in-flight", []price.Way{price.Here, price.Lambda}},
	{"checkpoint", []price.Way{price.Here, price.Lambda}},
	{"restart", []price.Way{price.Here, price.Lambda}},
	{"failures", []price.Way{price.Here, price.Lambda}},
}

// checkWay refuses what the way would not heed, or could not do.
func (r *run) checkWay() error {
	way := price.Way(r.via)
	for _, f := range flagWays {
		if !r.given(f.flag) || slices.Contains(f.ways, way) {
			continue
		}
		var right []string
		for _, way := range f.ways {
			right = append(right, string(way))
		}
		return usage("--%s is for --via %s, and --via is %s, which does not heed it; leave it out, or change --via", f.flag, strings.Join(right, " and "), r.via)
	}
	if way == price.Lambda && r.Only == onlyAll {
		return usage("--only all cannot be done by --via lambda, which tells that a variant was rendered by its being up to date; --via here or --via batch is right")
	}
	return nil
}

// checkEndpoint keeps AWS's own function from being invoked for originals of another server.
func (r *run) checkEndpoint() error {
	switch {
	case r.place.Endpoint == "":
		return nil
	case r.via == string(price.Lambda) && r.lambdaEndpoint == "":
		return usage("--endpoint-url is another server than AWS, and --via lambda would invoke a function of AWS for it; say by --lambda-endpoint-url where the function is")
	case r.via == string(price.Batch):
		return usage("--endpoint-url is another server than AWS, and --via batch makes a job of AWS, which cannot reach it; leave --endpoint-url out, or --via here is right")
	}
	return nil
}
