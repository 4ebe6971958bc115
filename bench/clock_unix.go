//go:build unix

package bench

import (
	"syscall"
	"time"
)

// spent returns the processor time that this process has taken, which other processes on the
// machine do not lengthen.
func spent() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic("bench: the system does not tell the time of this process: " + err.Error())
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
