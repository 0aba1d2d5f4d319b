package cdn

import (
	"strconv"
	"strings"
	"time"
)

// How long a copy is kept when Cache-Control does not say, and at most: CloudFront's own defaults. At least it is kept not
// at all: what is never to be kept, such as a manifest, is fetched every time.
const (
	defaultTTL = 24 * time.Hour
	maxTTL     = 365 * 24 * time.Hour
)

// lifetime is how long CloudFront keeps an object with this Cache-Control; 0: it does not.
func lifetime(cacheControl string) time.Duration {
	ages := map[string]time.Duration{}
	for directive := range strings.SplitSeq(strings.ToLower(cacheControl), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch name {
		case "no-store", "no-cache", "private":
			return 0
		case "max-age", "s-maxage":
			seconds, err := strconv.ParseInt(strings.Trim(value, `" `), 10, 64)
			if err != nil || seconds < 0 {
				return 0
			}
			ages[name] = time.Duration(min(seconds, int64(maxTTL/time.Second))) * time.Second
		}
	}
	if shared, ok := ages["s-maxage"]; ok {
		return shared
	}
	if age, ok := ages["max-age"]; ok {
		return age
	}
	return defaultTTL
}
