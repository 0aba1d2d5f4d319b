package main

import (
	"fmt"
	"strconv"
	"strings"
)

// version is a release of glibc. Versions within a release (GLIBC_2.3.4) are the release's.
type version struct{ major, minor int }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

func (v version) less(other version) bool {
	return v.major < other.major || v.major == other.major && v.minor < other.minor
}

// parseVersion reads GLIBC_2.34. Others, such as GLIBC_PRIVATE and GLIBC_ABI_DT_RELR, are no releases.
func parseVersion(name string) (version, bool) {
	number, ok := strings.CutPrefix(name, "GLIBC_")
	parts := strings.Split(number, ".")
	if !ok || len(parts) < 2 {
		return version{}, false
	}
	major, first := strconv.Atoi(parts[0])
	minor, second := strconv.Atoi(parts[1])
	return version{major, minor}, first == nil && second == nil
}
