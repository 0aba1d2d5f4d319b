package process

import (
	"errors"
	"slices"
)

var errLinux = errors.New("only Linux can")

// KeepOff keeps every thread of this process, and those to come, off a CPU; negative: off none. release lets them on it
// again.
func KeepOff(cpu int) (release func() error, err error) {
	if cpu < 0 {
		return func() error { return nil }, nil
	}
	all, err := Allowed()
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(slices.Clone(all), func(other int) bool { return other == cpu })
	switch {
	case len(all) == 0:
		return nil, errLinux
	case len(others) == len(all):
		return nil, errors.New("this process may not use it")
	case len(others) == 0:
		return nil, errors.New("there is no other")
	}
	return func() error { return HoldAll(all) }, HoldAll(others)
}
