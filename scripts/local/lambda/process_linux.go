package lambda

import "syscall"

// processAttributes gives a process its own group, so that a Ctrl-C meant for this one does not end it in the middle of
// an invocation, and its end with that of the thread that starts it.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
