package process

import "runtime"

// StartOn calls start on a thread that may use cpus only; none: on the caller's, as it is. A process started there
// inherits that before its first instruction, so that Go, libvips and Node see as many CPUs as they get.
func StartOn(cpus []int, start func() error) error {
	if len(cpus) == 0 {
		return start()
	}
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := HoldThread(cpus...)
		if err == nil {
			err = start()
		}
		failed <- err
	}()
	return <-failed
}
