//go:build unix

package lsp

import (
	"errors"
	"syscall"
)

// processAlive reports whether a process exists, be it ours or somebody else's.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
