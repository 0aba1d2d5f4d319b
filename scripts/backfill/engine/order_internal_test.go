package engine

import (
	"strconv"
	"testing"
)

// While one original takes its time, those behind it that need nothing take no memory.
func TestOrderOfPassed(t *testing.T) {
	told := 0
	o := order{passed: func(string) { told++ }}
	o.listed("slow", false)
	for i := range 10_000 {
		key := strconv.Itoa(i)
		if o.listed(key, false); i%1000 == 0 {
			o.end(key)
		} else {
			o.pass(key)
		}
	}
	if len(o.waiting) > 30 || len(o.ended) > 30 {
		t.Errorf("%d are held", len(o.waiting))
	}
	if o.end("slow"); o.through != "9999" || len(o.waiting)+len(o.ended) > 0 || told < 11 {
		t.Errorf("through %q, %d left, told of %d", o.through, len(o.waiting), told)
	}
}
