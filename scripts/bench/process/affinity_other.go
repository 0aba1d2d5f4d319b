//go:build !linux

package process

// Allowed is empty: this system holds no thread to CPUs.
func Allowed() ([]int, error) { return nil, nil }

// HoldThread refuses.
func HoldThread(...int) error { return errLinux }

// HoldAll refuses.
func HoldAll([]int) error { return errLinux }

// Ordinary has nothing to do.
func Ordinary() error { return nil }
