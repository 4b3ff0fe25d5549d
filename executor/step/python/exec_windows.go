package python

import (
	"os"
	"os/exec"
	"syscall"
)

// Detach gives a command a process group of its own.
func Detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// Terminate ends a process. Windows has no signal to ask with.
func Terminate(cmd *exec.Cmd, _ bool) { _ = cmd.Process.Kill() }

// Kill ends a process.
func Kill(cmd *exec.Cmd, _ bool) { _ = cmd.Process.Kill() }

// ExitCode is the exit status.
func ExitCode(s *os.ProcessState) int { return s.ExitCode() }
