//go:build unix

package python

import (
	"os"
	"os/exec"
	"syscall"
)

// Detach makes a command the leader of a new session: it can be ended with everything it started, and nothing in it can
// stop to ask at a terminal.
func Detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// Terminate asks a process, or its whole group, to end.
func Terminate(cmd *exec.Cmd, group bool) { signal(cmd, group, syscall.SIGTERM) }

// Kill ends a process, or its whole group, at once.
func Kill(cmd *exec.Cmd, group bool) { signal(cmd, group, syscall.SIGKILL) }

func signal(cmd *exec.Cmd, group bool, s syscall.Signal) {
	pid := cmd.Process.Pid
	if group {
		pid = -pid
	}
	_ = syscall.Kill(pid, s) // fails only when it is gone already
}

// ExitCode is the exit status, or minus the signal that ended the process, as Python counts.
func ExitCode(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return -int(w.Signal())
	}
	return s.ExitCode()
}
