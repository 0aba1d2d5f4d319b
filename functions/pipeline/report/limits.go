package report

import (
	"errors"
	"fmt"
	"strings"
)

// CloudWatch's limits.
const (
	maxNamespace  = 255  // characters
	maxDimensions = 30   // per set
	maxName       = 250  // characters
	maxValue      = 1024 // characters
)

// check tells what CloudWatch would drop without a word.
func check(namespace string, dimensions []Dimension) error {
	var all []error
	if !printable(namespace, maxNamespace) || strings.HasPrefix(namespace, ":") {
		all = append(all, fmt.Errorf("namespace %q must be 1 to %d visible ASCII characters, the first one no colon", namespace, maxNamespace))
	}
	if len(dimensions) > maxDimensions {
		all = append(all, fmt.Errorf("%d dimensions; CloudWatch takes %d", len(dimensions), maxDimensions))
	}
	for _, d := range dimensions {
		switch {
		case !printable(d.Name, maxName) || strings.HasPrefix(d.Name, ":"):
			all = append(all, fmt.Errorf("dimension name %q must be 1 to %d visible ASCII characters, the first one no colon", d.Name, maxName))
		case !printable(d.Value, maxValue):
			all = append(all, fmt.Errorf("dimension %s is %q; it must be 1 to %d visible ASCII characters", d.Name, d.Value, maxValue))
		}
	}
	return errors.Join(all...)
}

// printable says whether s is ASCII without control characters and more than white space.
func printable(s string, limit int) bool {
	return strings.TrimSpace(s) != "" && len(s) <= limit && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// word makes a value for the dimension Reason of any reason.
func word(reason string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '-'
		}
		return r
	}, strings.TrimSpace(reason))
	if clean == "" {
		return "unknown"
	}
	return clean[:min(len(clean), maxName)]
}
