//go:build !linux

package lambda

import "syscall"

// processAttributes gives a process its own group, so that a Ctrl-C meant for this one does not end it in the middle of
// an invocation. Should this process be killed, the runtime ends when its Runtime API is gone.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
