package document

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Numbers are taken in the one spelling that every reader of the file, Terraform among them, takes alike: no
// hexadecimal, no leading zeros, no underscores.
var (
	wholeForm   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	sizeForm    = regexp.MustCompile(SizePattern)
)

// SizePattern is a number of bytes with a unit.
const SizePattern = `^([1-9][0-9]*) ?(B|KB|MB|GB|KiB|MiB|GiB)$`

var sizeUnits = map[string]int64{
	"B": 1, "KB": 1000, "MB": 1000 * 1000, "GB": 1000 * 1000 * 1000, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
}

// bounds is what would be right for a number; hint is how to get there from what was found.
func (ru rules) bounds(kind, hint string) string {
	s := fmt.Sprintf("%s from %s to %s is right", kind, plain(ru.minimum), plain(ru.maximum))
	if len(ru.enum) > 0 {
		s = list(ru.enum) + " is right"
	}
	return strings.TrimSuffix(s+hint+" "+ru.note, " ")
}

func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// numeric is n's value when n is a number as form spells it.
func numeric(n *yaml.Node, form *regexp.Regexp) (value float64, ok bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" && n.ShortTag() != "!!float" || !form.MatchString(n.Value) {
		return 0, false
	}
	value, err := strconv.ParseFloat(n.Value, 64)
	return value, err == nil
}

var leadingNumber = regexp.MustCompile(`^[1-9][0-9]*`)

// numberHint tells how text would become the number that it was meant for.
func numberHint(n *yaml.Node, form *regexp.Regexp) string {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return ""
	}
	if form.MatchString(n.Value) {
		return fmt.Sprintf(": write %s without quotes", abridge(n.Value))
	}
	if digits := leadingNumber.FindString(n.Value); digits != "" {
		return fmt.Sprintf(": write %s alone", abridge(digits))
	}
	return ""
}

func (r *reader) integer(target *int, n *yaml.Node, path string, rules rules) {
	value, ok := numeric(n, wholeForm)
	if len(rules.enum) > 0 {
		ok = ok && slices.Contains(rules.enum, n.Value)
	} else {
		ok = ok && value >= rules.minimum && value <= rules.maximum
	}
	if !ok {
		r.wrong(n, path, rules.bounds("a whole number", numberHint(n, wholeForm)))
		return
	}
	*target = int(value)
}

func (r *reader) float(target *float64, n *yaml.Node, path string, rules rules) {
	value, ok := numeric(n, decimalForm)
	if !ok || value < rules.minimum || value > rules.maximum {
		r.wrong(n, path, rules.bounds("a number", numberHint(n, decimalForm)))
		return
	}
	*target = max(value, rules.minimum) // -0 becomes 0
}

func (r *reader) size(target *Size, n *yaml.Node, path string, rules rules) {
	value, unit := n.Value, int64(1)
	_, ok := numeric(n, wholeForm)
	if m := sizeForm.FindStringSubmatch(n.Value); m != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		value, unit, ok = m[1], sizeUnits[m[2]], true
	}
	count, err := strconv.ParseInt(value, 10, 64)
	if !ok || err != nil || count < int64(rules.minimum) || count > int64(rules.maximum)/unit {
		r.wrong(n, path, rules.bounds("a number of bytes", ", or text such as 50MB or 100MiB"))
		return
	}
	*target = Size(count * unit)
}
